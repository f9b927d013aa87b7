import type { Arrival } from './arrival.ts'
import type { HostileCase } from './hostile-case.ts'

/** A play as far as an arrival can tell: what was sent, and the address that it came from. */
interface Origin {
  readonly one: Pick<HostileCase, 'send' | 'later'>
  readonly from: string
}

/**
 * Of each address what arrived of it, by what the proxy says of the client. What names no player belongs to the one before
 * it on the same upstream connection: that is whose octets it was made of. Where there is none before it, it belongs to all
 * who sent such a request line, for whom it is dangerous: it does not name them. If nobody did, there is no judging.
 */
export function attribute(arrivals: readonly Arrival[], plays: readonly Origin[]): ReadonlyMap<string, Arrival[]> {
  const players = new Set(plays.map(({ from }) => from))
  const last = new Map<string, string>()
  const found = new Map<string, Arrival[]>(plays.map(({ from }) => [from, []]))
  for (const arrival of arrivals) {
    const connection = `${arrival.service} ${arrival.connection}`
    const named = /\r\nX-Real-IP: *([\d.]+)\r\n/i.exec(arrival.head)?.[1] ?? ''
    const player = players.has(named) ? named : last.get(connection)
    if (player !== undefined) last.set(connection, player)
    for (const from of player === undefined ? sendersOf(arrival, plays) : [player]) found.get(from)?.push(arrival)
  }
  return found
}

function sendersOf({ head }: Arrival, plays: readonly Origin[]): string[] {
  const [line = ''] = head.split(/ HTTP\/|\r\n/)
  const senders = plays.filter(({ one }) => line !== '' && (one.send + (one.later ?? '')).includes(line))
  if (senders.length === 0) throw new Error(`it arrived, and nobody sent it: ${JSON.stringify(head.slice(0, 500))}`)
  return senders.map(({ from }) => from)
}
