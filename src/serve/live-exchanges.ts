/** Something under way, which knows its place among the others. */
export interface LiveExchange {
  /** Kept by `LiveExchanges`. */
  place: number
  destroy(): void
}

/** All that is under way at upstreams. An array, since every request comes in and goes out: no hashing, no garbage. */
export class LiveExchanges {
  readonly #live: LiveExchange[] = []

  get size(): number {
    return this.#live.length
  }

  add(exchange: LiveExchange): void {
    exchange.place = this.#live.length
    this.#live.push(exchange)
  }

  /** The last one takes the place that becomes free. */
  remove(exchange: LiveExchange): void {
    const last = this.#live.pop()
    if (last === undefined || last === exchange) return
    last.place = exchange.place
    this.#live[exchange.place] = last
  }

  /** Each removes itself when it has ended. */
  destroy(): void {
    for (const exchange of this.#live.toReversed()) exchange.destroy()
  }
}
