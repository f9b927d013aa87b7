import type { Clock } from '../base/index.ts'

/** Changes settle: quiet for so long, but never later than. */
export const quiet = 10
export const latest = 50

/** Waits for something to happen, and then for it to settle. */
export class Pending {
  readonly #clock: Clock
  #first: number | undefined
  #cancel: (() => void) | undefined
  #due = false
  #wake: (() => void) | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Something happened: due after `calm` ms without more of it, at most `most` ms after the first. */
  note(calm: number, most: number): void {
    const now = this.#clock.now()
    this.#first ??= now
    this.#cancel?.()
    this.#cancel = this.#clock.after(Math.max(0, Math.min(calm, this.#first + most - now)), () => this.#fire())
  }

  /** Resolves when something is due, or after `longest` ms. */
  async wait(longest: number = Infinity): Promise<void> {
    const stop = longest === Infinity ? undefined : this.#clock.after(longest, () => this.#fire())
    if (!this.#due) await new Promise<void>((wake) => (this.#wake = wake))
    stop?.()
    this.#due = false
  }

  #fire(): void {
    this.#first = undefined
    this.#due = true
    this.#wake?.()
  }
}
