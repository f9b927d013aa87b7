import type { Course, Findings } from '../failure/exercises/findings.ts'
import { combine } from '../failure/exercises/findings.ts'
import type { Attack, Door } from './attackers.ts'
import { judgeMemory } from './memory-of-each.ts'
import { laySiege } from './siege.ts'
import type { Siege } from './siege.ts'
import type { MemoryUse } from './worker-memory.ts'

/** Connections of each kind that go ahead, so that what is used once is not counted with those that follow. */
const few = 2

/** What a client can do to make a connection cost memory. */
export interface Pinning extends Attack {
  readonly name: string
}

const target = (method: string, path: string, ...lines: string[]): string =>
  [`${method} ${path} HTTP/1.1`, 'Host: bad.test', ...lines, '', ''].join('\r\n')
const put = target('PUT', '/silent', 'Transfer-Encoding: chunked')
const large = (path: string): string => `${target('POST', path, 'Content-Length: 8000001')}${'x'.repeat(8_000_000)}`
const fields = (size: number): string => `A: ${'b'.repeat(size)}\r\n`

/** What is sent and not gone on with. */
export const sentPinnings: readonly Pinning[] = [
  { name: 'nothing', text: '' },
  { name: 'half a head', text: 'GET / HTTP/1.1\r\nHost: b' },
  { name: 'a head just below the limit', text: `GET / HTTP/1.1\r\n${fields(1_000).repeat(63)}` },
  { name: 'a head of 126 fields', text: `GET / HTTP/1.1\r\n${'A:\r\n'.repeat(126)}` },
  { name: 'a request that is never answered', text: target('GET', '/silent') },
  { name: 'a large head that is never answered', text: target('GET', '/silent', fields(1_000).repeat(60).trim()) },
  { name: 'requests behind one that is never answered', text: target('GET', '/silent').repeat(10_000) },
  {
    name: 'a body held to be sent again',
    text: `${target('PUT', '/silent', 'Content-Length: 65537')}${'x'.repeat(65_536)}`,
  },
  { name: 'chunks of one octet, held to be sent again', text: `${put}${'1\r\nx\r\n'.repeat(65_000)}` },
  {
    name: 'chunks of one octet to an upstream that reads nothing',
    text: `${put.replace('silent', 'deaf')}${'1\r\nx\r\n'.repeat(60_000)}`,
  },
  { name: 'trailers just below the limit', text: `${put}1\r\nx\r\n0\r\n${fields(100).repeat(150)}` },
  { name: 'a chunk size and extensions', text: `${put}1;${'a'.repeat(250)}` },
]

/**
 * What would go on, if anybody read: its octets wait in buffers that are used again afterwards, so that only the first of
 * these kinds that a Lintel meets is measured well.
 */
export const stalledPinnings: readonly Pinning[] = [
  { name: 'a large body to an upstream that reads nothing', text: large('/deaf') },
  { name: 'an answer of 1 GB that is not read', text: target('GET', '/endless'), reads: 'nothing' },
  { name: 'an answer of 1 GB that is read slowly', text: target('GET', '/endless'), reads: 'slowly' },
  {
    name: 'a thousand requests for 50 KB, of which none is read',
    text: target('GET', '/page').repeat(1_000),
    reads: 'nothing',
  },
  { name: 'an answer of 1 GB and a body, of which nobody reads any', text: large('/both'), reads: 'nothing' },
]

interface Pinned {
  readonly connections: number
  readonly upstreamTimeout: string
  readonly door: Door
  readonly kinds: readonly Pinning[]
}

/** How much memory each of so many connections pins, one kind after another, and that it comes back: of one Lintel. */
export async function pinMemory(
  course: Course,
  { connections, upstreamTimeout, door, kinds }: Pinned,
): Promise<Findings> {
  const secure = door === 'tls'
  // However long all of them take to come, none is sent away before they have been looked at.
  const flags = ['--upstream-timeout', upstreamTimeout, '--client-head-timeout', '300s']
  const siege = await laySiege(course, { flags, secure })
  const found: Findings[] = []
  for (const kind of kinds) {
    await pin(siege, { ...kind, door }, few)
    const before = await siege.memory()
    const beside = await siege.load.beside(kind.name, () => pin(siege, { ...kind, door }, connections))
    found.push(judgeMemory(kind.name, { before, beside, connections }))
  }
  return combine([...found, await siege.memoryReturns(), await siege.load.judge()])
}

/** The memory in use while they are there. */
async function pin(siege: Siege, attack: Attack, connections: number): Promise<MemoryUse> {
  const attackers = await siege.attack(connections, attack)
  await siege.settle()
  await siege.stalled()
  const memory = await siege.memory()
  attackers.leave()
  await siege.settle()
  return memory
}
