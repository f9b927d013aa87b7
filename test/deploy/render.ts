import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { load, loadAll } from 'js-yaml'

import { kubectl } from '../../tools/go-programs.ts'
import { pathOfProgram } from '../cluster/support/programs.ts'

/** An object as it is applied. */
export interface Manifest {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace?: string }
  readonly [field: string]: unknown
}

const deploy = fileURLToPath(new URL('../../deploy', import.meta.url))

export const overlays: readonly string[] = readdirSync(join(deploy, 'overlays'))
export const componentNames: readonly string[] = readdirSync(join(deploy, 'components'))

/** A file of `deploy/` as it stands there. */
export function readDeployed(path: string): string {
  return readFileSync(join(deploy, path), 'utf8')
}

/** Why nothing can be rendered here, if it cannot. */
export const missingKubectl: string | false = existsSync(pathOfProgram(kubectl))
  ? false
  : 'kubectl cannot be had: npm run tools builds it'

export function renderOverlay(name: string): readonly Manifest[] {
  return render(join(deploy, 'overlays', name))
}

/** An overlay that names these components instead of its own, as deploy/README.md says how to choose. */
export function renderWith(name: string, components: readonly string[]): readonly Manifest[] {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'lintel-deploy-')))
  try {
    cpSync(deploy, folder, { recursive: true })
    const overlay = join(folder, 'overlays', name)
    const file = join(overlay, 'kustomization.yaml')
    const kustomization = load(readFileSync(file, 'utf8')) as object
    const chosen = components.map((component) => `../../components/${component}`)
    writeFileSync(file, JSON.stringify({ ...kustomization, components: chosen }))
    return render(overlay)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The second copy of deploy/README.md, as it stands there. */
export function renderSecondCopy(): readonly Manifest[] {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'lintel-deploy-')))
  try {
    cpSync(deploy, join(folder, 'deploy'), { recursive: true })
    const [, kustomization = ''] = /## A second copy\n[^]*?```yaml\n([^]*?)```/.exec(readDeployed('README.md')) ?? []
    mkdirSync(join(folder, 'internal'))
    writeFileSync(join(folder, 'internal', 'kustomization.yaml'), kustomization)
    return render(join(folder, 'internal'))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

let rendered: ReadonlyMap<string, readonly Manifest[]> | undefined

/** Every overlay, and the components that none of them has. Rendered once: meanwhile the process does nothing else. */
export function renderAll(): ReadonlyMap<string, readonly Manifest[]> {
  return (rendered ??= renderEach())
}

function renderEach(): ReadonlyMap<string, readonly Manifest[]> {
  const others = [
    ['secrets-namespaces', 'default-certificate', 'default-backend'],
    ['secrets-cluster', 'class-nginx', 'config-map', 'namespace-selector', 'admission-webhook'],
  ]
  return new Map([
    ...overlays.map((name) => [name, renderOverlay(name)] as const),
    ...others.map((components) => [`cloud with ${components.join(', ')}`, renderWith('cloud', components)] as const),
  ])
}

function render(folder: string): readonly Manifest[] {
  const { status, stdout, stderr } = spawnSync(pathOfProgram(kubectl), ['kustomize', folder], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return loadAll(stdout) as Manifest[]
}
