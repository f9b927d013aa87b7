import { setTimeout as wait } from 'node:timers/promises'

import { processTree, readProc } from '../../support/process-tree.ts'
import { holdConnections } from '../native-load.ts'
import { observeUsage } from '../usage.ts'
import { smallSite } from './cell.ts'
import type { Cell, Visit } from './cell.ts'
import { aimAt } from './observe-load.ts'
import type { Scheme } from './observe-load.ts'

/** The first make the program grow to its working size, the others are counted: fewer where each holds more. */
const before = 1_000
const countedOf = (scheme: Scheme): number => (scheme === 'http' ? 8_000 : 4_000)
const rest = 500

/** What a connection costs that has had one answer and now waits. Each visit has a process of its own: memory that was freed is not given back. */
export function defineIdle(id: string, title: string, scheme: Scheme): Cell {
  return {
    id,
    title,
    unit: 'octets a connection',
    site: smallSite,
    needs: scheme === 'https' ? ['tls', 'memory'] : ['memory'],
    nativeLoad: true,
    fresh: true,
    secondsOf: () => (scheme === 'http' ? 4 : 8),
    measure: async (visit) => {
      const { result: value, usage } = await observeUsage(visit.running.pid, [visit.backend], () =>
        octetsPerConnection(visit, scheme),
      )
      return { usage, count: countedOf(scheme), failed: 0, value, figures: {} }
    },
  }
}

async function octetsPerConnection({ running, site }: Visit, scheme: Scheme): Promise<number> {
  const counted = countedOf(scheme)
  const options = aimAt({ running, site }, scheme)
  const first = await holdConnections({ ...options, connections: before })
  await wait(rest)
  const least = memoryOf(running.pid)
  const second = await holdConnections({ ...options, connections: counted })
  await wait(rest)
  const most = memoryOf(running.pid)
  await Promise.all([first.release(), second.release()])
  if (first.result.requests + second.result.requests < before + counted) throw new Error('connections were lost')
  return (most - least) / counted
}

/** Octets of a process tree: what it shares with others counts in part (PSS). */
function memoryOf(pid: number): number {
  const kilobytes = processTree(pid).map((one) => /^Pss: +(\d+)/m.exec(readProc(`${one}/smaps_rollup`))?.[1])
  return kilobytes.reduce((sum, text) => sum + Number(text ?? 0), 0) * 1_024
}
