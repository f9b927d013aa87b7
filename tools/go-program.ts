import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs'
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

/**
 * Builds those that are not there yet, and says of each, as it comes, what went wrong, if anything did. They share module
 * and build caches of this run's own: those of Kubernetes take 5 GB, which are gone afterwards.
 */
export function* buildGoPrograms(
  programs: readonly GoProgram[],
): Generator<readonly [program: GoProgram, fault: string | undefined]> {
  removeAbandoned()
  const scratch = cacheFolder('go', `building-${process.pid}`)
  mkdirSync(scratch, { recursive: true })
  try {
    for (const program of programs)
      yield [program, existsSync(pathOfGoProgram(program)) ? undefined : build(program, scratch)]
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

/** What a run left behind that was killed. */
function removeAbandoned(): void {
  if (!existsSync(cacheFolder('go'))) return
  for (const name of readdirSync(cacheFolder('go'))) {
    const [, pid] = /^building-(\d+)$/.exec(name) ?? []
    if (pid !== undefined && !isRunning(Number(pid))) rmSync(cacheFolder('go', name), { recursive: true, force: true })
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** `go install` names the file for the package; the rename is last, so that a build that was cut leaves none. */
function build(program: GoProgram, scratch: string): string | undefined {
  const { package: name, pin, linkerFlags = '' } = program
  const target = 'version' in pin ? `${name}@${pin.version}` : name
  const flags = ['-trimpath', `-ldflags=${`-s -w ${linkerFlags}`.trim()}`]
  const { error, status, stderr } = spawnSync('go', ['install', ...flags, target], {
    encoding: 'utf8',
    env: { ...process.env, ...environmentIn(scratch) },
    stdio: ['ignore', 'ignore', 'pipe'],
    ...('folder' in pin ? { cwd: pin.folder } : {}),
  })
  if (error !== undefined) return error.message
  const bin = join(scratch, 'bin')
  const [built] = existsSync(bin) ? readdirSync(bin) : []
  if (status !== 0 || built === undefined) return stderr.trim().split('\n').at(-1) ?? `go install ended with ${status}`
  renameSync(join(bin, built), pathOfGoProgram(program))
  return undefined
}

/** A module cache that is not writable could not be removed. */
function environmentIn(scratch: string): Readonly<Record<string, string>> {
  return {
    CGO_ENABLED: '0',
    GOBIN: join(scratch, 'bin'),
    GOCACHE: join(scratch, 'cache'),
    GOMODCACHE: join(scratch, 'modules'),
    GOFLAGS: `${process.env['GOFLAGS'] ?? ''} -modcacherw`.trim(),
  }
}

function labelOf({ pin, linkerFlags }: GoProgram): string {
  if ('version' in pin) return pin.version
  const hash = createHash('sha256').update(linkerFlags ?? '')
  for (const file of ['go.mod', 'go.sum']) hash.update(readFileSync(join(pin.folder, file)))
  return hash.digest('hex').slice(0, 12)
}
