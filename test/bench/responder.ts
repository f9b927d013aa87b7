import { spawnSync } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { cacheFolder } from '../../tools/cache-folder.ts'
import { loadCore, spawnPinned } from './pinned-process.ts'

const source = fileURLToPath(new URL('responder.c', import.meta.url))

/** Compiles the back end, once for each form of its source. Undefined where there is no compiler. */
export function buildResponder(): string | undefined {
  const hash = createHash('sha256').update(readFileSync(source)).digest('hex').slice(0, 12)
  const path = cacheFolder('bench', `responder-${hash}`)
  if (existsSync(path)) return path
  mkdirSync(cacheFolder('bench'), { recursive: true })
  const { error, status, stderr } = spawnSync('cc', ['-O2', '-o', `${path}.new`, source], { encoding: 'utf8' })
  if (error !== undefined) return undefined
  if (status !== 0) throw new Error(`the responder does not compile:\n${stderr}`)
  renameSync(`${path}.new`, path)
  return path
}

export interface Backend {
  readonly pid: number
  readonly port: number
  readonly process: ChildProcess
}

export async function startResponder(path: string): Promise<Backend> {
  const child = spawnPinned(loadCore, [path], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(child.stdout ?? child, 'data')) as [Buffer]
  return { pid: child.pid ?? 0, port: Number(line.toString('latin1')), process: child }
}
