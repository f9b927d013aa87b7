import { once } from 'node:events'

import { buildNative, responder } from './native-programs.ts'
import { loadCore, spawnPinned, stopProcess } from './pinned-process.ts'

/** What all proxies send their requests to. */
export interface Backend {
  readonly pid: number
  readonly port: number
  readonly stop: () => Promise<void>
}

export async function startBackend(): Promise<Backend> {
  const child = spawnPinned(loadCore, [buildNative(responder)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(child.stdout ?? child, 'data')) as [Buffer]
  return { pid: child.pid ?? 0, port: Number(line.toString('latin1')), stop: () => stopProcess(child) }
}
