import type { Course, Findings } from '../failure/exercises/findings.ts'
import { judgeLoad, laySiege } from './siege.ts'

/** What a client begins and never ends, and the first line of what it is told; nothing where it said nothing. */
const beginnings = [
  { name: 'idle connections', text: '', told: undefined },
  { name: 'half heads', text: 'GET / HTTP/1.1\r\nHost: bad.te', told: 'HTTP/1.1 408' },
  {
    name: 'half bodies',
    text: 'POST /silent HTTP/1.1\r\nHost: bad.test\r\nContent-Length: 1000\r\n\r\nabc',
    told: 'HTTP/1.1 408',
  },
] as const

interface Slowness {
  readonly connections: number
  /** Of heads, bodies and idle connections, as the flags take it. */
  readonly deadline: string
}

/** Clients that begin and do not go on: all are ended at their deadline, and their memory comes back. */
export async function waitForSlowClients(course: Course, { connections, deadline }: Slowness): Promise<Findings> {
  const names = ['client-head-timeout', 'client-body-timeout', 'keep-alive-timeout']
  const siege = await laySiege(course, { flags: names.flatMap((name) => [`--${name}`, deadline]) })
  const figures = []
  const faults: string[] = []
  for (const { name, text, told } of beginnings) {
    const before = siege.resident()
    const attackers = await siege.attack(connections, text)
    await siege.settle()
    const pinned = (siege.resident() - before) / 1024 / connections
    await attackers.ended()
    const answered = told === undefined ? 0 : (attackers.statuses.get(told) ?? 0)
    if (told !== undefined && answered !== connections) faults.push(`${name}: ${answered} were told ${told}`)
    figures.push(
      { name: `${name}: memory of each`, value: pinned, unit: 'KiB', most: 256 },
      { name: `${name}: the longest was there for`, value: Math.round(Math.max(...attackers.lifetimes)), unit: 'ms' },
    )
  }
  const judged = await judgeLoad(siege.load)
  return { figures: [...figures, ...judged.figures], faults: [...faults, ...judged.faults] }
}
