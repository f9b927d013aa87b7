import type { Clock } from '../base/index.ts'

/** So many connections are opened in one turn of the loop: one takes up to 100 us, and thousands may be wanted together. */
const mostInTurn = 32

/**
 * Requests that want a new connection: some are served in each turn of the loop, so that a burst of them does not hold up
 * whoever has a connection already. Endpoints take turns, so that a burst to one does not hold up the others either; to
 * one endpoint it is first come, first served.
 */
export class ConnectQueue {
  readonly #clock: Clock
  /** Who waits, by endpoint, none of them empty; the endpoint that is next comes first. */
  readonly #lines = new Map<object, Set<() => void>>()
  #openedInTurn = 0
  #stopTurn: (() => void) | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Calls `open` once, now or in a later turn; the answer takes it out of the queue. */
  enter(endpoint: object, open: () => void): () => void {
    this.#stopTurn ??= this.#clock.after(0, () => this.#nextTurn())
    if (this.#openedInTurn < mostInTurn) this.#open(open)
    else this.#wait(endpoint, open)
    return () => this.#leave(endpoint, open)
  }

  /** Nobody is served any more. */
  clear(): void {
    this.#lines.clear()
    this.#stopTurn?.()
    this.#stopTurn = undefined
  }

  #open(open: () => void): void {
    this.#openedInTurn++
    open()
  }

  #wait(endpoint: object, open: () => void): void {
    const line = this.#lines.get(endpoint) ?? new Set()
    this.#lines.set(endpoint, line.add(open))
  }

  #leave(endpoint: object, open: () => void): void {
    const line = this.#lines.get(endpoint)
    if (line?.delete(open) === true && line.size === 0) this.#lines.delete(endpoint)
  }

  /** An endpoint that had its turn goes to the end of the map, and is met there again. */
  #nextTurn(): void {
    this.#openedInTurn = 0
    this.#stopTurn = this.#lines.size === 0 ? undefined : this.#clock.after(0, () => this.#nextTurn())
    for (const [endpoint, line] of this.#lines) {
      if (this.#openedInTurn === mostInTurn) return
      this.#openFirst(endpoint, line)
    }
  }

  #openFirst(endpoint: object, line: Set<() => void>): void {
    const [first] = line
    this.#lines.delete(endpoint)
    if (first === undefined) return
    line.delete(first)
    if (line.size > 0) this.#lines.set(endpoint, line)
    this.#open(first)
  }
}
