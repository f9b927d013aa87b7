import type { Clock } from '../../src/base/index.ts'

interface Entry {
  at: number
  readonly period: number | undefined
  readonly call: () => void
}

/** A clock that stands still until `advance` moves it; calls come in the order of their times. */
export class FakeClock implements Clock {
  #now = 0
  /** Calls from now on come so much before their time, as those of real timers do by the real clock. */
  early = 0
  readonly #entries = new Set<Entry>()

  now(): number {
    return this.#now
  }

  wall(): number {
    return this.#now
  }

  after(ms: number, call: () => void): () => void {
    return this.#add({ at: this.#now + Math.max(0, ms - this.early), period: undefined, call })
  }

  every(ms: number, call: () => void): () => void {
    return this.#add({ at: this.#now + ms, period: ms, call })
  }

  /** How many calls are still to come. */
  get pending(): number {
    return this.#entries.size
  }

  advance(ms: number): void {
    const end = this.#now + ms
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#now = next.at
      if (next.period === undefined) this.#entries.delete(next)
      else next.at += next.period
      next.call()
    }
    this.#now = end
  }

  /** As a process that is held up: what was due comes once, late, all at the same time. */
  stall(ms: number): void {
    this.#now += ms
    for (const entry of [...this.#entries].filter(({ at }) => at <= this.#now)) {
      if (entry.period === undefined) this.#entries.delete(entry)
      else entry.at = this.#now + entry.period
      entry.call()
    }
  }

  #add(entry: Entry): () => void {
    this.#entries.add(entry)
    return () => this.#entries.delete(entry)
  }

  #next(end: number): Entry | undefined {
    let first: Entry | undefined
    for (const entry of this.#entries)
      if (entry.at <= end && (first === undefined || entry.at < first.at)) first = entry
    return first
  }
}
