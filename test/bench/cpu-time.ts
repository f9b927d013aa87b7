import { readFileSync, readdirSync } from 'node:fs'

/** Nanoseconds on a core, from a `schedstat` of the kernel: run time, waiting time, slices. */
export function parseSchedstat(text: string): number {
  return Number(text.split(' ')[0])
}

/** The jiffies of all cores, from the first line of `/proc/stat`. `stolen`: taken by the machine's host. */
export function parseMachineStat(text: string): { readonly busy: number; readonly stolen: number } {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, stolen = 0] = text
    .slice(0, text.indexOf('\n'))
    .trim()
    .split(/ +/)
    .slice(1)
    .map(Number)
  return { busy: user + nice + system + irq + softirq, stolen }
}

/** A process and all that descend from it. */
export function processTree(pid: number): number[] {
  return [
    pid,
    ...tasksOf(pid)
      .flatMap((task) => childrenOf(pid, task))
      .flatMap(processTree),
  ]
}

/** Nanoseconds of CPU of all threads of these processes so far: that of collectors and compilers counts. */
export function cpuTime(pids: readonly number[]): number {
  let sum = 0
  for (const pid of pids)
    for (const task of tasksOf(pid)) sum += parseSchedstat(readOrEmpty(`/proc/${pid}/task/${task}/schedstat`) || '0')
  return sum
}

/** Seconds of CPU of the whole machine so far, and those that its host took from it. */
export function machineTime(): { readonly busy: number; readonly stolen: number } {
  const { busy, stolen } = parseMachineStat(readFileSync('/proc/stat', 'latin1'))
  return { busy: busy / jiffiesPerSecond, stolen: stolen / jiffiesPerSecond }
}

const jiffiesPerSecond = 100

function tasksOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`)
  } catch {
    return []
  }
}

function childrenOf(pid: number, task: string): number[] {
  return readOrEmpty(`/proc/${pid}/task/${task}/children`).split(' ').filter(Boolean).map(Number)
}

/** A process or thread may end between two looks. */
function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'latin1').trim()
  } catch {
    return ''
  }
}
