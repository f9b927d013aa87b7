import { readDescriptorLimit } from '../../src/serve/descriptor-budget.ts'
import { combine } from '../failure/exercises/findings.ts'
import type { Course, Figure, Findings } from '../failure/exercises/findings.ts'
import { judgeLifetimes } from './lifetimes.ts'
import { laySiege } from './siege.ts'
import type { Siege } from './siege.ts'

/** Descriptors of Lintel or of the attackers' process that are not connections of theirs. */
const otherDescriptors = 200

/** What a client begins and never ends, and the first line of what it is told; nothing where it said nothing. */
interface Beginning {
  readonly name: string
  readonly text: string
  readonly told?: RegExp
  /** Of each connection, in the process that has most of them. */
  readonly descriptors: number
}

const beginnings: readonly Beginning[] = [
  { name: 'idle connections', text: '', descriptors: 1 },
  { name: 'half heads', text: 'GET / HTTP/1.1\r\nHost: bad.te', told: /^HTTP\/1\.1 408/, descriptors: 1 },
  {
    name: 'half bodies',
    text: 'POST /silent HTTP/1.1\r\nHost: bad.test\r\nContent-Length: 1000\r\n\r\nabc',
    told: /^HTTP\/1\.1 408/,
    descriptors: 2,
  },
]

interface Slowness {
  readonly connections: number
  /** Of heads and bodies, in milliseconds; a connection that says nothing at all has that of a head. */
  readonly deadline: number
}

/** Clients that begin and do not go on: all are ended at their deadline, and their memory comes back. */
export async function waitForSlowClients(course: Course, { connections, deadline }: Slowness): Promise<Findings> {
  const names = ['client-head-timeout', 'client-body-timeout']
  const siege = await laySiege(course, { flags: names.flatMap((name) => [`--${name}`, `${deadline}ms`]) })
  const found: Findings[] = []
  for (const beginning of beginnings) {
    const granted = Math.floor((readDescriptorLimit() - otherDescriptors) / beginning.descriptors)
    const of = { connections: Math.min(connections, granted), deadline }
    found.push(await siege.load.beside(beginning.name, () => begin(siege, beginning, of)))
  }
  return combine([...found, await siege.memoryReturns(), await siege.load.judge()])
}

async function begin(
  siege: Siege,
  { name, text, told }: Beginning,
  { connections, deadline }: Slowness,
): Promise<Findings> {
  const before = await siege.memory()
  const attackers = await siege.attack(connections, { text })
  await siege.settle()
  const pinned = ((await siege.memory()).resident - before.resident) / 1024 / connections
  await attackers.ended()
  const answered = told === undefined ? connections : attackers.howMany(told)
  const figures: Figure[] = [
    { name, value: connections, unit: '' },
    { name: '  memory of each', value: pinned, unit: 'KiB', most: 256 },
  ]
  const faults = answered === connections ? [] : [`${name}: ${answered} of ${connections} were told ${told}`]
  return combine([{ figures, faults }, judgeLifetimes(name, attackers.lifetimes, deadline)])
}
