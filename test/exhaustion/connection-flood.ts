import { combine } from '../failure/exercises/findings.ts'
import type { Course, Findings } from '../failure/exercises/findings.ts'
import type { Attack } from './attackers.ts'
import { laySiege } from './siege.ts'
import type { Siege } from './siege.ts'

/** Idle connections of the client that behaves well which may be given up to make room just as it uses them again. */
const mostCrossed = 3

export interface Flood {
  readonly connections: number
  readonly descriptors: number
  readonly attack: Attack
}

/** Far more connections than there are descriptors: service goes on, for those that are there and for those that come. */
export async function floodConnections(course: Course, { connections, descriptors, attack }: Flood): Promise<Findings> {
  const secure = attack.door !== undefined && attack.door !== 'http'
  const siege = await laySiege(course, { descriptors, secure })
  const pids = siege.lintel.pids('lintel: worker 1').join(' ')
  const { open, spent } = await siege.load.beside('the flood', () => flood(siege, connections, attack))
  const faults = []
  if (siege.lintel.pids('lintel: worker 1').join(' ') !== pids) faults.push('the worker was replaced')
  if (open > descriptors) faults.push(`${open} connections stay open with ${descriptors} descriptors`)
  const figures = [
    { name: 'connections that stayed', value: open, unit: '' },
    { name: 'processor time of a second under siege', value: spent, unit: 'ms' },
  ]
  return combine([{ figures, faults }, await siege.memoryReturns(), await siege.load.judge(mostCrossed)])
}

/** Those that stay at once, and milliseconds of CPU of a second beside them. */
async function flood(siege: Siege, connections: number, attack: Attack): Promise<Record<'open' | 'spent', number>> {
  const attackers = await siege.attack(connections, attack)
  await siege.load.answered(50)
  await siege.settle()
  const { open } = attackers
  const busy = siege.processorTime()
  await siege.load.answered(50)
  const spent = siege.processorTime() - busy
  attackers.leave()
  await siege.settle()
  return { open, spent }
}
