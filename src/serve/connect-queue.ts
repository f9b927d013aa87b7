import type { Clock } from '../base/index.ts'

/** So many connections are opened in one turn of the loop: one takes up to 100 us, and thousands may be wanted together. */
const mostInTurn = 32

/**
 * Requests that want a new connection, first come, first served: some in each turn of the loop, so that a burst of them
 * does not hold up whoever has a connection already.
 */
export class ConnectQueue {
  readonly #clock: Clock
  readonly #waiting = new Set<() => void>()
  #openedInTurn = 0
  #stopTurn: (() => void) | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Calls `open` once, now or in a later turn; the answer takes it out of the queue. */
  enter(open: () => void): () => void {
    this.#stopTurn ??= this.#clock.after(0, () => this.#nextTurn())
    if (this.#openedInTurn < mostInTurn) this.#open(open)
    else this.#waiting.add(open)
    return () => void this.#waiting.delete(open)
  }

  /** Nobody is served any more. */
  clear(): void {
    this.#waiting.clear()
    this.#stopTurn?.()
    this.#stopTurn = undefined
  }

  #open(open: () => void): void {
    this.#openedInTurn++
    open()
  }

  #nextTurn(): void {
    this.#openedInTurn = 0
    this.#stopTurn = this.#waiting.size === 0 ? undefined : this.#clock.after(0, () => this.#nextTurn())
    for (const open of this.#waiting) {
      if (this.#openedInTurn === mostInTurn) return
      this.#waiting.delete(open)
      this.#open(open)
    }
  }
}
