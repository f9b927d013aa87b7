import { spawnSync } from 'node:child_process'

import { processTree, titleOf } from '../../support/process-tree.ts'
import { startEdits } from '../host-edits.ts'
import { takeLongestTurn } from '../longest-turn.ts'
import { openNativeLoad } from '../native-load.ts'
import type { Load } from '../native-load.ts'
import { loadCore } from '../pinned-process.ts'
import type { Measurement } from '../sample.ts'
import { besideBoth } from '../usage.ts'
import { capacityOf } from './capacity.ts'
import type { Cell, Visit } from './cell.ts'
import { aimAt, observeLoad } from './observe-load.ts'

const editsPerSecond = 100
/** Of the capacity. */
const share = 0.5
/** A p99 wants more requests than a mean: so many times as long is each stretch, with edits and without. */
const stretch = 2
/** Seconds of the same load before each stretch, which belong to neither. */
const settling = 1
/** Visits so far: which stretch comes first changes from one to the next. */
let visits = 0

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
  secondsOf: (seconds) => 2 * (stretch * seconds + settling),
  measure: async (visit) => {
    moveControl(processNamed(visit.running.pid, 'lintel: control'))
    const rate = share * (await capacityOf(visit.running, visit.site, 'http'))
    const load = await visit.keptLoad(() =>
      openNativeLoad({ ...aimAt(visit, 'http'), mode: 'keep', connections: 64, rate }),
    )
    const editedFirst = visits++ % 2 === 1
    const first = editedFirst ? await observeEdits(visit, load) : undefined
    const still = await observeStretch(visit, load)
    const edited = first ?? (await observeEdits(visit, load))
    return measurementOf(still, edited, editedFirst)
  },
}

type Stretch = Awaited<ReturnType<typeof observeLoad>>

interface EditedStretch extends Stretch {
  /** Hosts that were edited meanwhile. */
  readonly edited: number
  readonly longestTurn: number
}

/** What came before, at another pace, is over when it begins. */
async function observeStretch(visit: Visit, load: Load): Promise<Stretch> {
  await load.run(settling)
  return observeLoad({ ...visit, seconds: stretch * visit.seconds }, load)
}

async function observeEdits(visit: Visit, load: Load): Promise<EditedStretch> {
  const { running, site } = visit
  const worker = processNamed(running.pid, 'lintel: worker 1')
  await load.run(settling)
  await takeLongestTurn(worker, site.folder)
  const hosts = startEdits(site, editsPerSecond)
  const observed = await observeLoad({ ...visit, seconds: stretch * visit.seconds }, load)
  const edited = hosts.stop()
  return { ...observed, edited, longestTurn: await takeLongestTurn(worker, site.folder) }
}

/** A neighbour in either stretch spoils both. Failures of either are failures. */
function measurementOf(still: Stretch, edited: EditedStretch, editedFirst: boolean): Measurement {
  const { requests: count, failed, p50, p99, p999, longest, seconds } = edited.result
  const usage = besideBoth(still.usage, edited.usage)
  const figures = {
    perSecond: count / seconds,
    p50,
    p99,
    p999,
    longest,
    p99Still: still.result.p99,
    longestTurn: edited.longestTurn,
    control: (usage.parts['lintel: control'] ?? 0) / usage.seconds,
    edited: edited.edited,
    editedFirst: Number(editedFirst),
  }
  return { usage, count, failed: failed + still.result.failed, value: p99 / still.result.p99, figures }
}

/**
 * To the load's core, where it has what the load leaves: anything else gives a request that arrives the rest of control's
 * slice to wait for, and latency tells how a core is shared out. (Before all others, as `SCHED_FIFO`, the load would keep
 * the kernel from the packets that it waits for.)
 */
function moveControl(pid: number): void {
  spawnSync('taskset', ['-a', '-c', '-p', loadCore, String(pid)])
  spawnSync('chrt', ['--idle', '--all-tasks', '--pid', '0', String(pid)])
}

function processNamed(root: number, title: string): number {
  const pid = processTree(root).find((one) => titleOf(one) === title)
  if (pid === undefined) throw new Error(`there is no ${title}`)
  return pid
}
