import { processTree, titleOf } from '../support/process-tree.ts'
import { cpuTime, endedChildrenTime, machineTime } from './cpu-time.ts'

/** What a stretch of time cost, and who else was at work. */
export interface Usage {
  readonly seconds: number
  /** Seconds of CPU of the proxy's whole process tree. */
  readonly proxy: number
  /** The same by the title of its processes. */
  readonly parts: Readonly<Record<string, number>>
  /** Cores that processes used which are not of this run. */
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
  const before = look(proxy, own)
  const result = await work()
  const after = look(proxy, own)
  const seconds = after.at - before.at
  const spent = after.proxy - before.proxy
  const all = after.busy - before.busy
  const usage = {
    seconds,
    proxy: spent,
    parts: difference(after.parts, before.parts),
    neighbours: Math.max(0, all - spent - (after.own - before.own)) / seconds,
    stolen: (after.stolen - before.stolen) / seconds,
  }
  return { result, usage }
}

/** Of two stretches that are compared, one after another: what the second cost, and the worse of those who were beside. */
export function besideBoth(other: Usage, usage: Usage): Usage {
  return {
    ...usage,
    neighbours: Math.max(other.neighbours, usage.neighbours),
    stolen: Math.max(other.stolen, usage.stolen),
  }
}

interface Look {
  readonly at: number
  readonly proxy: number
  readonly parts: Readonly<Record<string, number>>
  readonly own: number
  readonly busy: number
  readonly stolen: number
}

function look(proxy: number, own: readonly number[]): Look {
  const parts: Record<string, number> = {}
  for (const pid of processTree(proxy)) {
    const title = withoutFolders(titleOf(pid))
    parts[title] = (parts[title] ?? 0) + cpuTime([pid])
  }
  return {
    at: performance.now() / 1_000,
    proxy: Object.values(parts).reduce((sum, part) => sum + part, 0),
    parts,
    own: cpuTime([process.pid, ...own]) + endedChildrenTime(),
    ...machineTime(),
  }
}

/** Where a program and its files lie on this machine is no part of a record. */
function withoutFolders(title: string): string {
  return title.replaceAll(/\/[^\s"]*\//g, '')
}

function difference(
  after: Readonly<Record<string, number>>,
  before: Readonly<Record<string, number>>,
): Record<string, number> {
  return Object.fromEntries(Object.entries(after).map(([title, spent]) => [title, spent - (before[title] ?? 0)]))
}
