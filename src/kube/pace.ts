import type { Clock } from '../base/index.ts'

/** From 0 up to 1; handed in so that tests can drive it. */
export type Random = () => number

/** After the first fault the server is asked again soon; then once in one to three seconds, however long it takes. */
const firstWait = 600
const leastWait = 1_000
const spread = 2_000
/** So long without a fault, and the next one counts as the first again. */
const forgiven = 30_000
/** A server that has just started knows no rights for a moment: for so long after a fault a refusal may mean no more. */
const starting = 30_000

/**
 * When the API server may be asked: one back-off for all that a process asks of it. While the server is well, everybody
 * has a turn at once. From a fault on, turns come one at a time, and no sooner than a second for each request of the turn
 * before; the first turn that ends well gives way to everybody.
 */
export class Pace {
  readonly #clock: Clock
  readonly #random: Random
  readonly #waiting: Waiter[] = []
  #ill = false
  #probing = false
  #faults = 0
  #absences = 0
  #lastFault = -Infinity
  #until = 0
  #timer = false

  constructor(clock: Clock, random: Random) {
    this.#clock = clock
    this.#random = random
  }

  /** Whether the last that was heard of the server is a fault. */
  get ill(): boolean {
    return this.#ill
  }

  /** How often somebody found out that the server is away: what it knows when it is back may be something else. */
  get absences(): number {
    return this.#absences
  }

  /** The server was asked anew, and was not there. */
  miss(): void {
    this.#absences++
  }

  /**
   * Resolves when its holder may ask, or rejects when the signal comes. Every turn has to be ended. A scout goes before
   * others in an outage: what it asks for was allowed before, so that its answer tells most.
   */
  turn(signal: AbortSignal, scout = false): Promise<Turn> {
    if (signal.aborted) return Promise.reject(abortOf(signal))
    if (!this.#ill) return Promise.resolve(new Turn(this, false, this.#clock))
    return new Promise((resolve, reject) => {
      const waiter: Waiter = { resolve, scout, stop: () => signal.removeEventListener('abort', aborted) }
      const aborted = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1)
        reject(abortOf(signal))
      }
      signal.addEventListener('abort', aborted, { once: true })
      this.#waiting.push(waiter)
      this.#arm()
    })
  }

  /** The server is well, says the holder of a turn. */
  well(probe: boolean): void {
    if (!probe) return
    this.#probing = false
    this.#ill = false
    for (const waiter of this.#waiting.splice(0)) this.#release(waiter, false)
  }

  /** The server is not well. `earliest` is the time before which nothing more may be asked. */
  fault(probe: boolean, earliest: number): void {
    if (this.#ill && !probe) return
    const now = this.#clock.now()
    this.#faults = now - this.#lastFault > forgiven ? 1 : this.#faults + 1
    this.#lastFault = now
    this.#ill = true
    if (probe) this.#probing = false
    const wait = this.#faults === 1 ? firstWait * this.#random() : leastWait + spread * this.#random()
    this.#until = Math.max(now + wait, earliest)
    this.#arm()
  }

  /** Answers whether the server may be just starting; then it is asked on as in an outage. */
  refused(probe: boolean, earliest: number): boolean {
    const now = this.#clock.now()
    if (!probe || now - this.#lastFault > starting) return false
    this.#probing = false
    this.#until = Math.max(now + leastWait + spread * this.#random(), earliest)
    this.#arm()
    return true
  }

  /** A turn that proved nothing. */
  passed(probe: boolean): void {
    if (!probe) return
    this.#probing = false
    this.#arm()
  }

  #arm(): void {
    if (this.#timer || this.#probing || this.#waiting.length === 0) return
    this.#timer = true
    this.#clock.after(Math.max(0, this.#until - this.#clock.now()), () => {
      this.#timer = false
      if (!this.#ill || this.#probing) return
      const firstScout = this.#waiting.findIndex(({ scout }) => scout)
      const [waiter] = this.#waiting.splice(Math.max(0, firstScout), 1)
      if (waiter === undefined) return
      this.#probing = true
      this.#release(waiter, true)
    })
  }

  #release({ resolve, stop }: Waiter, probe: boolean): void {
    stop()
    resolve(new Turn(this, probe, this.#clock))
  }
}

interface Waiter {
  readonly resolve: (turn: Turn) => void
  readonly scout: boolean
  readonly stop: () => void
}

const perRequest = 1_000

/** Leave to ask. Its holder counts what it asks, and says how it went. */
export class Turn {
  readonly #pace: Pace
  readonly #clock: Clock
  readonly #begun: number
  #probe: boolean
  #requests = 0

  constructor(pace: Pace, probe: boolean, clock: Clock) {
    this.#pace = pace
    this.#probe = probe
    this.#clock = clock
    this.#begun = clock.now()
  }

  /** One more request is sent. */
  spend(): void {
    this.#requests++
  }

  /** The server does its work. What comes later is no longer part of the turn. */
  well(): void {
    this.#pace.well(this.#take())
  }

  /** The server does not do its work, and may have said for how long. */
  ill(retryAfter = 0): void {
    this.#pace.fault(this.#take(), Math.max(this.#earliest, this.#clock.now() + retryAfter))
  }

  /** What was allowed before is refused. If the server may be just starting, this ends the turn, and the answer is true. */
  refused(): boolean {
    const isStarting = this.#pace.refused(this.#probe, this.#earliest)
    if (isStarting) this.#probe = false
    return isStarting
  }

  /** Ends a turn that proved nothing; of no effect on one that has ended. */
  pass(): void {
    this.#pace.passed(this.#take())
  }

  /** When the next turn may come at the earliest. */
  get #earliest(): number {
    return this.#begun + this.#requests * perRequest
  }

  #take(): boolean {
    const probe = this.#probe
    this.#probe = false
    return probe
  }
}

function abortOf(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('aborted')
}
