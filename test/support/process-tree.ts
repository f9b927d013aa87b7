import { readFileSync, readdirSync } from 'node:fs'

/** What /proc says of processes; of one that has ended meanwhile, nothing. Linux only. */

/** Its title, or its command with the arguments. */
export function titleOf(pid: number): string {
  return readProc(`${pid}/cmdline`).replaceAll('\0', ' ').trim()
}

export function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`)
  } catch {
    return []
  }
}

/** Whichever of its threads started them. */
export function childrenOf(pid: number): number[] {
  return threadsOf(pid).flatMap((thread) =>
    readProc(`${pid}/task/${thread}/children`).split(' ').filter(Boolean).map(Number),
  )
}

/** A process and all that descend from it. */
export function processTree(pid: number): number[] {
  return [pid, ...childrenOf(pid).flatMap(processTree)]
}

export function readProc(path: string): string {
  try {
    return readFileSync(`/proc/${path}`, 'latin1').trim()
  } catch {
    return ''
  }
}
