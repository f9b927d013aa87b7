import { readdirSync } from 'node:fs'

import { processTree, titleOf } from '../../support/process-tree.ts'
import { holdConnections, openNativeLoad } from '../native-load.ts'
import type { LoadOptions } from '../native-load.ts'
import type { Cell, Visit } from './cell.ts'
import { aimAt, observeLoad } from './observe-load.ts'

const connections = 400

/** Two workers on two cores, which they share with the load: that nothing fails, and how the connections spread. No ratio. */
export const twoWorkers: Cell = {
  id: 'two-workers',
  title: 'Two workers, 400 connections',
  unit: 'connections of the busier worker, of the mean',
  site: { hosts: 10, workers: 2 },
  needs: ['workers'],
  nativeLoad: true,
  measure: async (visit) => {
    const options = aimAt(visit, 'http')
    const load = await openNativeLoad({ ...options, mode: 'keep', connections: 64 })
    const { result, usage } = await observeLoad(visit, load)
    await load.close()
    const shares = await spreadOf(visit, options)
    const figures = Object.fromEntries(shares.map((share, at) => [`worker${at + 1}`, share]))
    const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length
    const value = Math.max(...shares) / mean
    return { usage, count: result.requests, failed: result.failed, value, figures }
  },
}

/** How many connections each worker has, the few to the back end too: its descriptors with them, less those without. */
async function spreadOf({ running }: Visit, options: Omit<LoadOptions, 'connections'>): Promise<number[]> {
  const workers = processTree(running.pid).filter((pid) => titleOf(pid).startsWith('lintel: worker'))
  const before = workers.map(countDescriptors)
  const held = await holdConnections({ ...options, connections })
  const after = workers.map(countDescriptors)
  await held.release()
  return after.map((count, at) => count - (before[at] ?? 0))
}

function countDescriptors(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length
}
