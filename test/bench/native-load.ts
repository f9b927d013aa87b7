import { readLoadResult, untilSays } from './load-result.ts'
import type { LoadResult } from './load-result.ts'
import { buildNative, load } from './native-programs.ts'
import { loadCore, spawnPinned, stopProcess } from './pinned-process.ts'

export interface LoadOptions {
  readonly port: number
  /** For TLS. */
  readonly serverName?: string
  readonly connections: number
  /** Made by `writeRequests`. */
  readonly requestFile: string
}

export interface NativeLoadOptions extends LoadOptions {
  readonly mode: 'keep' | 'fresh' | 'tunnel' | 'hold'
  /** Requests a second by the clock; 0: as soon as the one before was answered. */
  readonly rate?: number
}

/** A load that keeps its connections from one run to the next, until it is closed. */
export interface Load {
  /** Its process, if it has one already: what that has spent so far does not belong to a run. */
  readonly pids: readonly number[]
  readonly run: (seconds: number) => Promise<LoadResult>
  readonly close: () => Promise<void>
}

/** Starts native/load.c, whose head says what the modes are. Resolves when it has opened the connections that it keeps. */
export async function openNativeLoad(options: NativeLoadOptions): Promise<Load> {
  const child = spawnPinned(loadCore, commandOf(options), { stdio: ['pipe', 'pipe', 'inherit'] })
  await untilSays(child, (line) => line === 'ready')
  return {
    pids: [child.pid ?? 0],
    run: (seconds) => {
      child.stdin?.write(`${seconds}\n`)
      return readLoadResult(child)
    },
    close: () => stopProcess(child),
  }
}

/** One run of a load that is needed once. */
export async function runLoad(options: NativeLoadOptions, seconds: number): Promise<LoadResult> {
  const opened = await openNativeLoad(options)
  try {
    return await opened.run(seconds)
  } finally {
    await opened.close()
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
  const { port, serverName = '-', mode, connections, rate = 0, requestFile } = options
  return [buildNative(load), port, serverName, mode, connections, rate, requestFile].map(String)
}
