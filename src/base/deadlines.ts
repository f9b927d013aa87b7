import type { Clock } from './clock.ts'

/** So many end in one turn of the loop: what follows from one may take 100 us, and thousands may come due together. */
const mostInTurn = 32

/**
 * Thousands of deadlines on one timer: arming one writes a number, and a sweep twice a second ends those that have
 * passed, some in each turn of the loop. A deadline ends never early, and late by one period and those turns at most.
 * Where the loop itself was held up, what came in the meantime is heard before anybody is blamed for silence: the sweep
 * waits for one more period, but not twice in a row, so that overload that lasts does not put off all deadlines for ever.
 */
export class Deadlines {
  readonly #clock: Clock
  readonly #period: number
  readonly #watched = new Set<Deadline>()
  #stop: (() => void) | undefined
  /** The sweep goes on in the next turn. */
  #stopSweep: (() => void) | undefined
  /** When the next sweep is due. */
  #due = 0
  /** The last sweep came so late that it waited for this one. */
  #waited = false

  constructor(clock: Clock, period = 500) {
    this.#clock = clock
    this.#period = period
  }

  /** Makes a disarmed deadline; `close` it when its owner ends. */
  watch(expired: () => void): Deadline {
    const deadline = new Deadline(this, expired)
    this.#watched.add(deadline)
    this.#stop ??= this.#start()
    return deadline
  }

  #start(): () => void {
    this.#due = this.#clock.now() + this.#period
    return this.#clock.every(this.#period, () => this.#sweep())
  }

  get now(): number {
    return this.#clock.now()
  }

  /** Called by a deadline that is closed. */
  forget(deadline: Deadline): void {
    this.#watched.delete(deadline)
    if (this.#watched.size > 0) return
    this.#stop?.()
    this.#stopSweep?.()
    this.#stop = this.#stopSweep = undefined
  }

  #sweep(): void {
    const now = this.#clock.now()
    this.#waited = !this.#waited && now - this.#due > this.#period
    this.#due = now + this.#period
    if (!this.#waited && this.#stopSweep === undefined) this.#endPassed(this.#watched.values(), now)
  }

  /** A set may change while it is gone through: who is closed on the way is not met any more. */
  #endPassed(deadlines: Iterator<Deadline>, now: number): void {
    this.#stopSweep = undefined
    let ended = 0
    for (let next = deadlines.next(); next.done !== true; next = deadlines.next()) {
      if (next.value.expireAt(now)) ended++
      if (ended < mostInTurn) continue
      this.#stopSweep = this.#clock.after(0, () => this.#endPassed(deadlines, now))
      return
    }
  }
}

export class Deadline {
  readonly #owner: Deadlines
  readonly #expired: () => void
  #at = Infinity

  constructor(owner: Deadlines, expired: () => void) {
    this.#owner = owner
    this.#expired = expired
  }

  /** Expires after `ms` unless armed again or disarmed before. `now` spares a look at the clock. */
  arm(ms: number, now: number = this.#owner.now): void {
    this.#at = now + ms
  }

  disarm(): void {
    this.#at = Infinity
  }

  close(): void {
    this.#at = Infinity
    this.#owner.forget(this)
  }

  /** Called by the sweep; answers whether it expired. It is disarmed first, so that its owner may arm it again. */
  expireAt(now: number): boolean {
    if (now < this.#at) return false
    this.#at = Infinity
    this.#expired()
    return true
  }
}
