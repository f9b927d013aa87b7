import { readLoadResult } from './load-result.ts'
import type { LoadResult } from './load-result.ts'
import { buildNative, load } from './native-programs.ts'
import { loadCore, spawnPinned, stopProcess } from './pinned-process.ts'

export interface NativeLoadOptions {
  readonly port: number
  /** For TLS. */
  readonly serverName?: string
  readonly mode: 'keep' | 'fresh' | 'tunnel' | 'hold'
  readonly connections: number
  /** Requests a second by the clock; 0: as soon as the one before was answered. */
  readonly rate?: number
  readonly seconds: number
  readonly requestFile: string
}

/** Runs native/load.c, whose head says what the modes are. */
export function runNativeLoad(options: NativeLoadOptions): Promise<LoadResult> {
  return readLoadResult(spawnPinned(loadCore, commandOf(options), { stdio: ['ignore', 'pipe', 'inherit'] }), 'close')
}

/** Opens connections, waits until each has had an answer, and keeps them until `release`. */
export async function holdConnections(
  options: Omit<NativeLoadOptions, 'mode'>,
): Promise<{ readonly result: LoadResult; readonly release: () => Promise<void> }> {
  const child = spawnPinned(loadCore, commandOf({ ...options, mode: 'hold' }), { stdio: ['pipe', 'pipe', 'inherit'] })
  const result = await readLoadResult(child, 'line')
  return { result, release: () => stopProcess(child) }
}

function commandOf(options: NativeLoadOptions): string[] {
  const { port, serverName = '-', mode, connections, rate = 0, seconds, requestFile } = options
  return [buildNative(load), port, serverName, mode, connections, rate, seconds, requestFile].map(String)
}
