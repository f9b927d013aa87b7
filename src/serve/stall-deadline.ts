import type { Deadline, Deadlines } from '../base/index.ts'

/** How often it is looked, within the time, whether the peer took some. */
const looks = 4

/**
 * Ends a connection whose peer takes nothing of what waits for it. A peer that is slow does not stand still: each time it
 * has taken some, it has the whole time again. That is seen a quarter of the time late at most.
 */
export class StallDeadline {
  readonly #deadlines: Deadlines
  readonly #deadline: Deadline
  readonly #time: number
  readonly #unsent: () => number
  readonly #stalled: () => void
  /** What waited when it was last seen to become less, and when that was. */
  #left = 0
  #since = 0

  /** `unsent`: octets that the kernel has not taken yet. `time` in milliseconds. */
  constructor(deadlines: Deadlines, time: number, unsent: () => number, stalled: () => void) {
    this.#deadlines = deadlines
    this.#deadline = deadlines.watch(() => this.#look())
    this.#time = time
    this.#unsent = unsent
    this.#stalled = stalled
  }

  arm(): void {
    this.#left = this.#unsent()
    this.#since = this.#deadlines.now
    this.#deadline.arm(this.#time / looks, this.#since)
  }

  disarm(): void {
    this.#deadline.disarm()
  }

  close(): void {
    this.#deadline.close()
  }

  #look(): void {
    if (this.#unsent() !== this.#left) return this.arm()
    const now = this.#deadlines.now
    const rest = this.#since + this.#time - now
    if (rest <= 0) this.#stalled()
    else this.#deadline.arm(Math.min(rest, this.#time / looks), now)
  }
}
