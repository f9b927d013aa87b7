import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

import { readLoadResult } from './load-result.ts'
import type { LoadResult } from './load-result.ts'
import type { Load, LoadOptions } from './native-load.ts'
import { loadCore, spawnPinned } from './pinned-process.ts'

const script = fileURLToPath(new URL('wrk.lua', import.meta.url))

export interface WrkOptions extends LoadOptions {
  /** Made by `printTlsSettings`. */
  readonly tlsFile: string
}

export function reasonAgainstWrk(): string | undefined {
  return spawnSync('wrk', ['-v']).error === undefined ? undefined : 'there is no wrk'
}

/** The load where there is no compiler: a closed loop, which opens its connections within each run, for whole seconds. */
export function wrkLoad({ serverName, port, connections, requestFile, tlsFile }: WrkOptions): Load {
  const url = `${serverName === undefined ? 'http' : 'https'}://localhost:${port}/`
  const run = (seconds: number): Promise<LoadResult> => {
    const flags = ['-t', '1', '-c', connections, '-d', `${Math.ceil(seconds)}s`, '--timeout', '10s', '-s', script]
    const command = ['wrk', ...flags.map(String), url, '--', requestFile]
    const env = { ...process.env, OPENSSL_CONF: tlsFile }
    return readLoadResult(spawnPinned(loadCore, command, { stdio: ['ignore', 'pipe', 'inherit'], env }))
  }
  return { pids: [], run, close: async () => undefined }
}
