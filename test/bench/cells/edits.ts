import { spawnSync } from 'node:child_process'
import { getPriority, setPriority } from 'node:os'

import { processTree, threadsOf, titleOf } from '../../support/process-tree.ts'
import { startEdits } from '../host-edits.ts'
import { takeLongestTurn } from '../longest-turn.ts'
import { prepareNativeLoad } from '../native-load.ts'
import type { PreparedLoad } from '../native-load.ts'
import { loadCore } from '../pinned-process.ts'
import { capacityOf } from './capacity.ts'
import type { Cell, Visit } from './cell.ts'
import { aimAt, observeLoad } from './observe-load.ts'

const editsPerSecond = 100
/** Of the capacity. */
const share = 0.5
const lessUrgent = 5
/** A p99 wants more requests than a mean: so many times as long is each stretch, with edits and without. */
const stretch = 2

/**
 * What clients notice while hosts are edited: p99 with edits to p99 without, one right after the other. Control works on
 * the load's core: so what is seen is the worker's own work, and not that of a neighbour on its core.
 */
export const edits: Cell = {
  id: 'edits',
  title: '100 edits a second among 10,000 hosts, half load',
  unit: 'p99 with edits to p99 without',
  site: { hosts: 10_000, watchTurns: true },
  needs: ['edits'],
  nativeLoad: true,
  secondsOf: (seconds) => 2 * stretch * seconds + 1,
  measure: async (visit) => {
    const { running, site } = visit
    const worker = processNamed(running.pid, 'lintel: worker 1')
    moveControl(processNamed(running.pid, 'lintel: control'))
    const rate = share * (await capacityOf(running, site, 'http'))
    const still = await (await prepareLoad(rate, visit)).run()
    const load = await prepareLoad(rate, visit)
    await takeLongestTurn(worker, site.folder)
    const hosts = startEdits(site, editsPerSecond)
    const { result, usage } = await observeLoad(visit, load)
    const edited = hosts.stop()
    const longestTurn = await takeLongestTurn(worker, site.folder)
    const { requests: count, failed, p50, p99, p999, longest } = result
    const control = (usage.parts['lintel: control'] ?? 0) / usage.seconds
    const perSecond = count / result.seconds
    const figures = { perSecond, p50, p99, p999, longest, p99Still: still.p99, longestTurn, control, edited }
    return { usage, count, failed, value: p99 / still.p99, figures }
  },
}

/** To the load's core, and behind the load there: it must not delay the clock by which latency is told. */
function moveControl(pid: number): void {
  spawnSync('taskset', ['-a', '-c', '-p', loadCore, String(pid)])
  for (const thread of threadsOf(pid)) setPriority(Number(thread), getPriority() + lessUrgent)
}

function prepareLoad(rate: number, visit: Visit): Promise<PreparedLoad> {
  const seconds = stretch * visit.seconds
  return prepareNativeLoad({ ...aimAt({ ...visit, seconds }, 'http'), mode: 'keep', connections: 64, rate })
}

function processNamed(root: number, title: string): number {
  const pid = processTree(root).find((one) => titleOf(one) === title)
  if (pid === undefined) throw new Error(`there is no ${title}`)
  return pid
}
