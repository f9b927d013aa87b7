import type { Course, Findings } from '../failure/exercises/findings.ts'
import { judgeLoad, laySiege } from './siege.ts'
import type { Siege } from './siege.ts'
import type { MemoryUse } from './worker-memory.ts'

const kibibyte = 1024
/** What a hostile connection may cost. */
const mostPinned = 256
/** Octets that may stay when all have gone: buffers that the worker keeps for further use, and code that has become warm. */
const mostLeft = 8 * kibibyte * kibibyte
/** Ends a hang; how long it took is told. */
const longestReturn = 120_000

/** What a client can do to make a connection cost memory: all that it ever sends. */
export interface Pinning {
  readonly name: string
  readonly text: string
  /** It takes nothing of what comes back. */
  readonly deaf?: true
}

const target = (method: string, path: string, ...lines: string[]): string =>
  [`${method} ${path} HTTP/1.1`, 'Host: bad.test', ...lines, '', ''].join('\r\n')
const put = target('PUT', '/silent', 'Transfer-Encoding: chunked')
const fields = (size: number): string => `A: ${'b'.repeat(size)}\r\n`

export const pinnings: readonly Pinning[] = [
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
  {
    name: 'a large body to an upstream that reads nothing',
    text: `${target('POST', '/deaf', 'Content-Length: 3000001')}${'x'.repeat(3_000_000)}`,
  },
  { name: 'trailers just below the limit', text: `${put}1\r\nx\r\n0\r\n${fields(100).repeat(150)}` },
  { name: 'a chunk size and extensions', text: `${put}1;${'a'.repeat(250)}` },
  { name: 'an answer of 1 GB that is not read', text: target('GET', '/endless'), deaf: true },
]

/** How much memory each of so many connections pins, one kind after another, and that it comes back. */
export async function pinMemory(
  course: Course,
  { connections, upstreamTimeout }: { readonly connections: number; readonly upstreamTimeout: string },
): Promise<Findings> {
  const siege = await laySiege(course, { flags: ['--upstream-timeout', upstreamTimeout] })
  const start = await siege.memory()
  const figures = []
  for (const kind of pinnings) {
    await pin(siege, kind, Math.ceil(connections / 4))
    const before = await siege.memory()
    const { used, resident } = await pin(siege, kind, connections)
    const each = (octets: number): number => Math.round(octets / kibibyte / connections)
    figures.push(
      { name: `pinned by ${kind.name}`, value: each(used - before.used), unit: 'KiB', most: mostPinned },
      { name: '  resident', value: each(resident - before.resident), unit: 'KiB', most: mostPinned },
    )
  }
  const returned = await memoryReturns(siege, start.used + mostLeft)
  const judged = await judgeLoad(siege.load)
  return {
    figures: [...figures, ...returned.figures, ...judged.figures],
    faults: [...returned.faults, ...judged.faults],
  }
}

/** The memory in use while they are there. */
async function pin(siege: Siege, { text, deaf }: Pinning, connections: number): Promise<MemoryUse> {
  const attackers = await siege.attack(connections, text)
  if (deaf === true) attackers.stopReading()
  await siege.settle()
  await siege.load.answered(5)
  const memory = await siege.memory()
  attackers.leave()
  await siege.settle()
  return memory
}

/** A client that has half-closed may wait for its answer still, so that some go only when their upstream has timed out. */
async function memoryReturns(siege: Siege, most: number): Promise<Findings> {
  const begun = performance.now()
  const waited = (): number => performance.now() - begun
  let { used } = await siege.memory()
  while (used > most && waited() < longestReturn) {
    await siege.load.answered(20)
    used = (await siege.memory()).used
  }
  return {
    figures: [{ name: 'their memory was back after', value: Math.round(waited()), unit: 'ms' }],
    faults: used > most ? [`${used} octets stay in use, of which ${most} are allowed`] : [],
  }
}
