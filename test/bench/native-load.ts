import { readLoadResult, untilSays } from './load-result.ts'
import type { LoadResult } from './load-result.ts'
import { buildNative, load } from './native-programs.ts'
import { loadCore, spawnPinned, stopProcess } from './pinned-process.ts'

export interface LoadOptions {
  readonly port: number
  /** For TLS. */
  readonly serverName?: string
  readonly connections: number
  readonly seconds: number
  /** Made by `writeRequests`. */
  readonly requestFile: string
}

export interface NativeLoadOptions extends LoadOptions {
  readonly mode: 'keep' | 'fresh' | 'tunnel' | 'hold'
  /** Requests a second by the clock; 0: as soon as the one before was answered. */
  readonly rate?: number
}

/** A load that has opened the connections that it keeps, and waits for its start. */
export interface PreparedLoad {
  /** Its process, if it has one already: what that has spent so far does not belong to the run. */
  readonly pids: readonly number[]
  readonly run: () => Promise<LoadResult>
}

/** Starts native/load.c, whose head says what the modes are. */
export async function prepareNativeLoad(options: NativeLoadOptions): Promise<PreparedLoad> {
  const child = spawnPinned(loadCore, commandOf(options), { stdio: ['pipe', 'pipe', 'inherit'] })
  await untilSays(child, (line) => line === 'ready')
  return {
    pids: [child.pid ?? 0],
    run: async () => {
      child.stdin?.end('\n')
      const result = await readLoadResult(child)
      await stopProcess(child)
      return result
    },
  }
}

/** Opens connections, waits until each has had an answer, and keeps them until `release`. */
export async function holdConnections(
  options: LoadOptions,
): Promise<{ readonly result: LoadResult; readonly release: () => Promise<void> }> {
  const child = spawnPinned(loadCore, commandOf({ ...options, mode: 'hold' }), { stdio: ['pipe', 'pipe', 'inherit'] })
  return { result: await readLoadResult(child), release: () => stopProcess(child) }
}

function commandOf(options: NativeLoadOptions): string[] {
  const { port, serverName = '-', mode, connections, rate = 0, seconds, requestFile } = options
  return [buildNative(load), port, serverName, mode, connections, rate, seconds, requestFile].map(String)
}
