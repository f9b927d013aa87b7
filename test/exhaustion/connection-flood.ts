import type { Course, Findings } from '../failure/exercises/findings.ts'
import { judgeLoad, laySiege } from './siege.ts'

interface Flood {
  readonly connections: number
  readonly descriptors: number
  /** What each connection says, and then nothing more. */
  readonly text: string
}

/** Far more connections than there are descriptors: service goes on, for those that are there and for those that come. */
export async function floodConnections(course: Course, { connections, descriptors, text }: Flood): Promise<Findings> {
  const siege = await laySiege(course, { descriptors })
  const pids = siege.lintel.pids('lintel: worker 1').join(' ')
  const attackers = await siege.attack(connections, text)
  await siege.load.answered(50)
  await siege.settle()
  const { open } = attackers
  const busy = siege.processorTime()
  await siege.load.answered(50)
  const spent = siege.processorTime() - busy
  attackers.leave()
  await siege.settle()
  const faults = []
  if (siege.lintel.pids('lintel: worker 1').join(' ') !== pids) faults.push('the worker was replaced')
  if (open > descriptors) faults.push(`${open} connections stay open with ${descriptors} descriptors`)
  const judged = await judgeLoad(siege.load)
  return {
    figures: [
      { name: 'connections that stayed', value: open, unit: '' },
      { name: 'processor time of a second under siege', value: spent, unit: 'ms' },
      ...judged.figures,
    ],
    faults: [...faults, ...judged.faults],
  }
}
