import { readProc, threadsOf } from '../support/process-tree.ts'

const jiffiesPerSecond = 100

/** Nanoseconds on a core, from a `schedstat` of the kernel: run time, waiting time, slices. */
export function parseSchedstat(text: string): number {
  return Number(text.split(' ')[0])
}

/** The jiffies of all cores, from the first line of `/proc/stat`. `stolen`: taken by the machine's host. */
export function parseMachineStat(text: string): { readonly busy: number; readonly stolen: number } {
  const [line = ''] = text.split('\n')
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, stolen = 0] = line.split(/ +/).slice(1).map(Number)
  return { busy: user + nice + system + irq + softirq, stolen }
}

/** The jiffies of children that have ended, from `/proc/PID/stat`: its second field may hold anything but `)` at its end. */
export function parseEndedChildren(text: string): number {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const [userOfChildren, systemOfChildren] = [fields[13], fields[14]].map(Number) as [number, number]
  return userOfChildren + systemOfChildren
}

/** Seconds of CPU of all threads of these processes so far: that of collectors and compilers counts. */
export function cpuTime(pids: readonly number[]): number {
  let nanoseconds = 0
  for (const pid of pids)
    for (const thread of threadsOf(pid)) nanoseconds += parseSchedstat(readProc(`${pid}/task/${thread}/schedstat`))
  return nanoseconds / 1e9
}

/** Seconds of CPU of this process's children that have ended. */
export function endedChildrenTime(): number {
  return parseEndedChildren(readProc('self/stat')) / jiffiesPerSecond
}

/** Seconds of CPU of the whole machine so far, and those that its host took from it. */
export function machineTime(): { readonly busy: number; readonly stolen: number } {
  const { busy, stolen } = parseMachineStat(readProc('stat'))
  return { busy: busy / jiffiesPerSecond, stolen: stolen / jiffiesPerSecond }
}
