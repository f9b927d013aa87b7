import type { Clock } from '../base/index.ts'

/** Calls once when nothing was heard for `limit` ms; begins with the first `heard`. Hearing much costs no timer. */
export class Watchdog {
  readonly #clock: Clock
  readonly #limit: number
  readonly #silent: () => void
  #heard = 0
  #cancel: (() => void) | undefined

  constructor(clock: Clock, limit: number, silent: () => void) {
    this.#clock = clock
    this.#limit = limit
    this.#silent = silent
  }

  heard(): void {
    this.#heard = this.#clock.now()
    this.#cancel ??= this.#clock.after(this.#limit, () => this.#look())
  }

  stop(): void {
    this.#cancel?.()
  }

  #look(): void {
    const left = this.#heard + this.#limit - this.#clock.now()
    if (left > 0) this.#cancel = this.#clock.after(left, () => this.#look())
    else this.#silent()
  }
}
