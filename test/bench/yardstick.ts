import type { ChildProcess } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'

import { untilSays } from './load-result.ts'
import { buildNative, cacheWalk, reasonAgainstNative } from './native-programs.ts'
import { proxyCore, spawnPinned, stopProcess } from './pinned-process.ts'

/**
 * Says how well the caches of the proxy's core answer just now. Other guests of the same host can empty them, which no
 * count of this machine shows, and twice the time of a request may come of it.
 */
export interface Yardstick {
  /** Nanoseconds of a step through the second cache. */
  readonly read: () => Promise<number>
  readonly stop: () => Promise<void>
}

/** A calm moment is waited for so long, in milliseconds, and looked for so often. */
const patience = 3_000
const pause = 5

/** native/yardstick.c on the core of the proxy, asleep but for half a millisecond at each reading; undefined without a compiler. */
export function startYardstick(): Yardstick | undefined {
  if (reasonAgainstNative() !== undefined) return undefined
  const child = spawnPinned(proxyCore, [buildNative(cacheWalk)], { stdio: ['pipe', 'pipe', 'inherit'] })
  return { read: () => readOnce(child), stop: () => stopProcess(child) }
}

async function readOnce(child: ChildProcess): Promise<number> {
  child.stdin?.write('\n')
  return Number(await untilSays(child, () => true))
}

/** Waits for a moment at which a step takes no more than `calm`, does the work, and says how slow it was before or after. */
export async function whenCalm<T extends object>(
  yardstick: Pick<Yardstick, 'read'> | undefined,
  calm: number,
  work: () => Promise<T>,
): Promise<T & { readonly cacheStep?: number }> {
  if (yardstick === undefined) return work()
  const before = await awaitCalm(yardstick, calm)
  const done = await work()
  return { ...done, cacheStep: Math.max(before, await yardstick.read()) }
}

/** The first reading of so many nanoseconds at most, or the last before patience ended. */
async function awaitCalm({ read }: Pick<Yardstick, 'read'>, calm: number): Promise<number> {
  const end = performance.now() + patience
  let step = await read()
  while (step > calm && performance.now() < end) {
    await wait(pause)
    step = await read()
  }
  return step
}
