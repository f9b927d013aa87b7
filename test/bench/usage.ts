import { readFileSync } from 'node:fs'

import { cpuTime, machineTime, processTree } from './cpu-time.ts'

/** What a stretch of time cost, in seconds of CPU, and who else was at work. */
export interface Usage {
  readonly seconds: number
  readonly proxy: number
  /** Cores that processes used which are not of this run; above a quarter core a sample is worth nothing. */
  readonly neighbours: number
  /** Cores that the machine's host took away. */
  readonly stolen: number
}

/** Runs `work` and says what it cost the proxy. `own`: further processes of the run, such as the back end. */
export async function observeUsage<T>(
  proxy: number,
  own: readonly number[],
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly usage: Usage }> {
  const tree = processTree(proxy)
  const look = (): { at: number; proxy: number; own: number; busy: number; stolen: number } => ({
    at: performance.now(),
    proxy: cpuTime(tree) / 1e9,
    own: cpuTime([process.pid, ...own]) / 1e9 + endedChildrenTime(),
    ...machineTime(),
  })
  const before = look()
  const result = await work()
  const after = look()
  const seconds = (after.at - before.at) / 1_000
  const spent = after.proxy - before.proxy
  const usage = {
    seconds,
    proxy: spent,
    neighbours: Math.max(0, after.busy - before.busy - spent - (after.own - before.own)) / seconds,
    stolen: (after.stolen - before.stolen) / seconds,
  }
  return { result, usage }
}

/** Seconds of CPU of children that have ended: the load tools, by the time that we look. */
function endedChildrenTime(): number {
  const text = readFileSync('/proc/self/stat', 'latin1')
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const [userOfChildren, systemOfChildren] = [13, 14]
  return (Number(fields[userOfChildren]) + Number(fields[systemOfChildren])) / 100
}
