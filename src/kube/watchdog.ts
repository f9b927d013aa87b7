import type { Clock } from '../base/index.ts'

/** Calls once when nothing was heard for `limit` ms; begins with the first `heard`. */
export class Watchdog {
  readonly #clock: Clock
  readonly #limit: number
  readonly #silent: () => void
  #cancel: (() => void) | undefined

  constructor(clock: Clock, limit: number, silent: () => void) {
    this.#clock = clock
    this.#limit = limit
    this.#silent = silent
  }

  heard(): void {
    this.#cancel?.()
    this.#cancel = this.#clock.after(this.#limit, this.#silent)
  }

  stop(): void {
    this.#cancel?.()
  }
}
