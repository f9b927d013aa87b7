import { setTimeout as wait } from 'node:timers/promises'

import { processTree } from '../support/process-tree.ts'
import { cpuTime } from './cpu-time.ts'

const look = 250
/** Of a core. */
const atRest = 0.04
const deadline = 60_000

/** Resolves when a proxy has done what its start asks of it, which may go on when it accepts already: it uses next to nothing. */
export async function untilAtRest(name: string, pid: number): Promise<void> {
  const spent = (): number => cpuTime(processTree(pid)) * 1_000
  for (const until = performance.now() + deadline; ;) {
    const [before, begun] = [spent(), performance.now()]
    await wait(look)
    if ((spent() - before) / (performance.now() - begun) < atRest) return
    if (performance.now() > until) throw new Error(`${name} does not come to rest`)
  }
}
