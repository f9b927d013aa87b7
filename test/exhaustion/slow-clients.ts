import { defaultSettings } from '../../src/model/index.ts'
import { readDescriptorLimit } from '../../src/serve/descriptor-budget.ts'
import { combine } from '../failure/exercises/findings.ts'
import type { Course, Findings } from '../failure/exercises/findings.ts'
import { judgeLifetimes } from './lifetimes.ts'
import { judgeMemory } from './memory-of-each.ts'
import { laySiege } from './siege.ts'
import type { Siege } from './siege.ts'

/** Descriptors of Lintel or of the attackers' process that are not connections of theirs. */
const otherDescriptors = 200

/** What a client begins and never ends, and the first line of what it is told; nothing where it said nothing. */
interface Beginning {
  readonly name: string
  readonly text: string
  readonly told?: RegExp
  /** By how much later its deadline may begin: a body is waited for once there is a connection to the upstream. */
  readonly begins?: number
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
    begins: defaultSettings.connectTimeout,
    descriptors: 2,
  },
  {
    name: 'connections that are idle after an answer',
    text: 'GET /once HTTP/1.1\r\nHost: good.test\r\n\r\n',
    told: /^HTTP\/1\.1 200/,
    descriptors: 1,
  },
]

interface Slowness {
  readonly connections: number
  /** Of heads, bodies and idleness, in milliseconds; a connection that says nothing at all has that of a head. */
  readonly deadline: number
}

/** Clients that begin and do not go on: all are ended at their deadline, and their memory comes back. */
export async function waitForSlowClients(course: Course, { connections, deadline }: Slowness): Promise<Findings> {
  const names = ['client-head-timeout', 'client-body-timeout', 'keep-alive-timeout']
  const siege = await laySiege(course, { flags: names.flatMap((name) => [`--${name}`, `${deadline}ms`]) })
  const found: Findings[] = []
  for (const beginning of beginnings) {
    const { name, descriptors } = beginning
    const granted = Math.floor((readDescriptorLimit() - otherDescriptors) / descriptors)
    const of = { connections: Math.min(connections, granted), deadline }
    const figure = { name, value: of.connections, unit: '', least: Math.floor(connections / descriptors) }
    found.push({ figures: [figure], faults: [] }, await siege.load.beside(name, () => begin(siege, beginning, of)))
  }
  return combine([...found, await siege.memoryReturns(), await siege.load.judge()])
}

async function begin(
  siege: Siege,
  { name, text, told, begins }: Beginning,
  { connections, deadline }: Slowness,
): Promise<Findings> {
  const before = await siege.memory()
  const attackers = await siege.attack(connections, { text })
  await siege.settle()
  const beside = await siege.memory()
  const present = { name: '  there when measured', value: attackers.open, unit: '', least: connections }
  await attackers.ended()
  const answered = told === undefined ? connections : attackers.howMany(told)
  const faults = answered === connections ? [] : [`${name}: ${answered} of ${connections} were told ${told}`]
  return combine([
    judgeMemory(name, { before, beside, connections }),
    { figures: [present], faults },
    judgeLifetimes(name, attackers.lifetimes, deadline, begins),
  ])
}
