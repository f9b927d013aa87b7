import { readFileSync } from 'node:fs'

import type { Clock } from '../base/index.ts'

/** Files, pipes and ports of the process itself. */
const reserve = 64
/** So many at once, so that a flood does not have all connections looked at for each of its own. */
const shedAtOnce = 1 / 64
/** Where all are busy: how long until they are looked at again. */
const pause = 100

/** Whose connections a holder has. Those to upstreams go first: they are made anew when they are missed, and no client is cut off. */
type Side = 'upstream' | 'client'

/** A connection that carries nothing now, and since when. */
export interface Waiting {
  readonly waitingSince: number
  destroy(): void
}

/** What holds descriptors in a worker. */
export interface DescriptorHolder {
  readonly open: number
  /** Those of them that could be given up. */
  waiting(): Iterable<Waiting>
}

/**
 * How many connections a worker may have, both sides together, so that descriptors never run out: without one for an
 * upstream, no client could be served. At the limit those that have waited longest make room, those to upstreams before
 * those of clients; if none waits, the newest is turned away.
 */
export class DescriptorBudget {
  readonly #limit: number
  readonly #clock: Clock
  readonly #holders: Readonly<Record<Side, DescriptorHolder[]>> = { upstream: [], client: [] }
  #notBefore = 0

  /** `descriptors`: what the system grants this process. */
  constructor(descriptors: number, clock: Clock) {
    this.#limit = Math.max(descriptors - reserve, Math.floor(descriptors / 2))
    this.#clock = clock
  }

  join(side: Side, holder: DescriptorHolder): void {
    this.#holders[side].push(holder)
  }

  /** Whether there is room for the connection that was just made, or is about to be. */
  makeRoom(): boolean {
    const { upstream, client } = this.#holders
    return openOf(upstream) + openOf(client) < this.#limit || this.#shed()
  }

  #shed(): boolean {
    const now = this.#clock.now()
    if (now < this.#notBefore) return false
    const most = Math.ceil(this.#limit * shedAtOnce)
    const { upstream, client } = this.#holders
    const first = [...inTurn(upstream), ...inTurn(client)].slice(0, most)
    if (first.length < most) this.#notBefore = now + pause
    for (const connection of first) connection.destroy()
    return first.length > 0
  }
}

function openOf(holders: readonly DescriptorHolder[]): number {
  return holders.reduce((sum, holder) => sum + holder.open, 0)
}

/** Those that could be given up, the one that waited longest first. */
function inTurn(holders: readonly DescriptorHolder[]): readonly Waiting[] {
  const waiting = holders.flatMap((holder) => [...holder.waiting()])
  return waiting.toSorted((one, other) => one.waitingSince - other.waitingSince)
}

/** How many descriptors this process may have, where the system says so in /proc; otherwise no number is known. */
export function readDescriptorLimit(): number {
  try {
    return Number(/^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1'))?.[1] ?? Infinity)
  } catch {
    return Infinity
  }
}
