import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

import { loadAll } from 'js-yaml'

import { pathOfGoProgram } from '../../tools/go-program.ts'
import { kubectl } from '../../tools/go-programs.ts'

/** An object as it is applied. */
export interface Manifest {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace?: string }
  readonly [field: string]: unknown
}

const deploy = fileURLToPath(new URL('../../deploy', import.meta.url))

export const overlays: readonly string[] = readdirSync(join(deploy, 'overlays'))
export const secretScopes = ['named', 'namespaces', 'cluster'] as const
export type SecretScope = (typeof secretScopes)[number]

/** Why nothing can be rendered here, if it cannot. */
export const missingKubectl: string | false = existsSync(pathOfGoProgram(kubectl))
  ? false
  : 'kubectl cannot be had: npm run tools builds it'

export function renderOverlay(name: string): readonly Manifest[] {
  return render(join(deploy, 'overlays', name))
}

/** The base with components. */
export function renderWith(...components: readonly string[]): readonly Manifest[] {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'lintel-deploy-')))
  try {
    const from = (part: string): string => relative(folder, join(realpathSync(deploy), part))
    const chosen = components.map((name) => from(`components/${name}`))
    writeFileSync(join(folder, 'kustomization.yaml'), JSON.stringify({ resources: [from('base')], components: chosen }))
    return render(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function render(folder: string): readonly Manifest[] {
  const { status, stdout, stderr } = spawnSync(pathOfGoProgram(kubectl), ['kustomize', folder], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return loadAll(stdout) as Manifest[]
}
