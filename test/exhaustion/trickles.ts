import { combine, longest } from '../failure/exercises/findings.ts'
import type { Course, Findings } from '../failure/exercises/findings.ts'
import type { Attack } from './attackers.ts'
import { slowBody, wholeBody } from './bad-upstream.ts'
import { judgeLifetimes } from './lifetimes.ts'
import { laySiege } from './siege.ts'
import type { Siege } from './siege.ts'

/** What goes on an octet at a time, and what its client is told in the end, if anything. */
interface Trickle extends Attack {
  readonly name: string
  readonly told?: RegExp
  /** What it must not go on beyond: the deadline that is given, or one of its own in milliseconds. In bodies silence alone is too long. */
  readonly endsBy?: 'deadline' | number
}

const post = (...lines: string[]): string =>
  ['POST /whole HTTP/1.1', 'Host: bad.test', 'Connection: close', ...lines, '', ''].join('\r\n')
const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: bad.test\r\nConnection: close\r\n\r\n`
const answered = (body: string): RegExp => new RegExp(`^HTTP/1\\.1 200 [^]*\\r\\n\\r\\n${body}$`)

/** Long enough that whoever renews a deadline with each octet is told from one who does not. */
const long = 1_000
/** Of a handshake. */
const handshakeTimeout = 10_000

/** Heads and handshakes have to come whole in time. */
const trickles: readonly Trickle[] = [
  {
    name: 'a head',
    text: 'GET / HTTP/1.1\r\nA: ',
    trickle: 'b'.repeat(long),
    told: /^HTTP\/1\.1 408 /,
    endsBy: 'deadline',
  },
  {
    name: 'a counted body',
    text: post('Content-Length: 80'),
    trickle: `${'b'.repeat(79)}!`,
    told: answered(wholeBody),
  },
  {
    name: 'chunks',
    text: post('Transfer-Encoding: chunked'),
    trickle: `5;a=b\r\nabcde\r\n32\r\n${'b'.repeat(49)}!\r\n0\r\n\r\n`,
    told: answered(wholeBody),
  },
  { name: 'the head of an answer', text: get('/slow-head'), told: /^HTTP\/1\.1 504 /, endsBy: 'deadline' },
  {
    name: 'the body of an answer',
    text: get('/slow-body'),
    told: answered(slowBody),
  },
  {
    name: 'a handshake',
    door: 'handshake',
    text: '\x16\x03\x01\x40\x00\x01\x00',
    trickle: '\x01'.repeat(long),
    endsBy: handshakeTimeout,
  },
]

interface Pace {
  /** Of each kind. */
  readonly connections: number
  /** Milliseconds from one octet to the next. */
  readonly pace: number
  /** Of heads and of silence, in milliseconds. */
  readonly deadline: number
}

/** All kinds at the same time, of which each ends as it has to. */
export async function trickle(course: Course, { connections, pace, deadline }: Pace): Promise<Findings> {
  const names = ['client-head-timeout', 'client-body-timeout', 'upstream-timeout']
  const siege = await laySiege(course, { flags: names.flatMap((name) => [`--${name}`, `${deadline}ms`]), pace })
  const found = await siege.load.beside('all that trickles', () =>
    Promise.all(trickles.map((kind) => trickleOne(siege, kind, { connections, deadline }))),
  )
  return combine([...found, await siege.memoryReturns(), await siege.load.judge()])
}

async function trickleOne(
  siege: Siege,
  { name, told, endsBy, ...attack }: Trickle,
  { connections, deadline }: Omit<Pace, 'pace'>,
): Promise<Findings> {
  const attackers = await siege.attack(connections, attack)
  await attackers.ended()
  const silent = connections - attackers.heard.size
  const right = told === undefined ? silent : attackers.howMany(told)
  const [heard] = [...attackers.heard.values()].filter((text) => told?.test(text) !== true)
  const times = attackers.lifetimes
  const kept =
    endsBy === undefined
      ? { figures: [longest(`the longest for ${name}`, times)], faults: [] }
      : judgeLifetimes(name, times, endsBy === 'deadline' ? deadline : endsBy)
  const faults = right === connections ? [] : [`${name}: ${connections - right} heard otherwise, such as ${heard}`]
  return combine([kept, { figures: [], faults }])
}
