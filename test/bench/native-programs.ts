import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync, mkdirSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { env } from 'node:process'

import { cacheFolder } from '../../tools/cache-folder.ts'

const folder = join(import.meta.dirname, 'native')
const { CC: compiler = 'cc' } = env

interface NativeProgram {
  readonly name: string
  readonly sources: readonly string[]
  readonly libraries: readonly string[]
}

export const responder: NativeProgram = { name: 'responder', sources: ['responder.c'], libraries: [] }
export const floorRelay: NativeProgram = { name: 'floor', sources: ['floor.c'], libraries: [] }
export const cacheWalk: NativeProgram = { name: 'yardstick', sources: ['yardstick.c'], libraries: [] }
export const load: NativeProgram = {
  name: 'load',
  sources: ['load.c', 'transport.c'],
  libraries: ['-lssl', '-lcrypto', '-lm'],
}

/** Why programs cannot be compiled here, if they cannot. */
export function reasonAgainstNative(): string | undefined {
  const { error } = spawnSync(compiler, ['--version'])
  return error === undefined ? undefined : `there is no C compiler (${compiler})`
}

export function pathOfNative({ name }: NativeProgram): string {
  return cacheFolder('bench', `${name}-${hashOfSources()}`)
}

/** Compiles a program of the bench, once for each form of the sources, and returns its path. Throws what the compiler says. */
export function buildNative(program: NativeProgram): string {
  const path = pathOfNative(program)
  if (existsSync(path)) return path
  mkdirSync(cacheFolder('bench'), { recursive: true })
  const files = program.sources.map((source) => join(folder, source))
  const scratch = `${path}.${process.pid}`
  const { error, status, stderr } = spawnSync(compiler, ['-O2', '-o', scratch, ...files, ...program.libraries], {
    encoding: 'utf8',
  })
  if (error !== undefined || status !== 0)
    throw new Error(`${program.name} cannot be compiled: ${error?.message ?? stderr}`)
  renameSync(scratch, path)
  return path
}

function hashOfSources(): string {
  const hash = createHash('sha256')
  for (const file of globSync('*.[ch]', { cwd: folder }).toSorted()) hash.update(readFileSync(join(folder, file)))
  return hash.digest('hex').slice(0, 12)
}
