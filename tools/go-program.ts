import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'

import { cacheFolder } from './cache-folder.ts'

/** A program that is built from Go modules at pinned versions. */
export interface GoProgram {
  readonly name: string
  /** The import path of its main package. */
  readonly package: string
  /** The version of its module; or the folder whose go.mod and go.sum pin it, where it needs replacements to build. */
  readonly pin: { readonly version: string } | { readonly folder: string }
  readonly linkerFlags?: string
}

/** Where the program stands once it is built: another pin is another file, so that an old build is never taken for it. */
export function pathOfGoProgram(program: GoProgram): string {
  return cacheFolder('go', `${program.name}-${labelOf(program)}`)
}

/** Builds it if it is not there yet. What went wrong, if anything did. */
export function buildGoProgram(program: GoProgram): string | undefined {
  const path = pathOfGoProgram(program)
  if (existsSync(path)) return undefined
  mkdirSync(cacheFolder('go'), { recursive: true })
  const scratch = mkdtempSync(cacheFolder('go', 'building-'))
  try {
    return build(program, scratch, path)
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

/** `go install` names the file for the package; the rename is last, so that a build that was cut leaves none. */
function build({ package: name, pin, linkerFlags = '' }: GoProgram, scratch: string, path: string): string | undefined {
  const target = 'version' in pin ? `${name}@${pin.version}` : name
  const flags = ['-trimpath', `-ldflags=${`-s -w ${linkerFlags}`.trim()}`]
  const { error, status, stderr } = spawnSync('go', ['install', ...flags, target], {
    encoding: 'utf8',
    env: { ...process.env, CGO_ENABLED: '0', GOBIN: scratch },
    stdio: ['ignore', 'ignore', 'pipe'],
    ...('folder' in pin ? { cwd: pin.folder } : {}),
  })
  if (error !== undefined) return error.message
  const [built] = readdirSync(scratch)
  if (status !== 0 || built === undefined) return stderr.trim().split('\n').at(-1) ?? `go install ended with ${status}`
  renameSync(join(scratch, built), path)
  return undefined
}

function labelOf({ pin, linkerFlags }: GoProgram): string {
  if ('version' in pin) return pin.version
  const hash = createHash('sha256').update(linkerFlags ?? '')
  for (const file of ['go.mod', 'go.sum']) hash.update(readFileSync(join(pin.folder, file)))
  return hash.digest('hex').slice(0, 12)
}
