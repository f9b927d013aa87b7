import { fileURLToPath } from 'node:url'

import { readLoadResult } from './load-result.ts'
import type { LoadResult } from './load-result.ts'
import { loadCore, spawnPinned } from './pinned-process.ts'

const script = fileURLToPath(new URL('wrk.lua', import.meta.url))

export interface WrkOptions {
  readonly scheme: 'http' | 'https'
  readonly port: number
  readonly connections: number
  readonly seconds: number
  /** Made by `writeRequests`. */
  readonly requestFile: string
  /** Made by `printTlsSettings`. */
  readonly tlsFile: string
}

/** A closed loop over kept-alive connections: what it says of latency is worth little, of throughput much. */
export function runWrk(options: WrkOptions): Promise<LoadResult> {
  const { scheme, port, connections, seconds, requestFile, tlsFile } = options
  const duration = `${Math.ceil(seconds)}s` // it knows whole seconds alone
  const flags = ['-t', '1', '-c', String(connections), '-d', duration, '--timeout', '10s', '-s', script]
  const child = spawnPinned(loadCore, ['wrk', ...flags, `${scheme}://localhost:${port}/`, '--', requestFile], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, OPENSSL_CONF: tlsFile },
  })
  return readLoadResult(child, 'close')
}
