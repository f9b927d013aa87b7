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

/** While the server is not well, a request costs so long: a leader may go into debt, and still it is one a second at most. */
const perRequest = 1_100
/** After so many turns of scouts another's comes, while others are answered, and while nobody is. */
const [fewScouts, manyScouts] = [1, 3]
/** A Lease that is renewed twice, two seconds apart, each time so late or as late as a fault allows, is renewed within ten. */
const leaderPatience = 2_500

/**
 * Who asks. Of a `leader` the lead is lost if it waits too long. A `scout` asks for what was allowed before, so that the
 * answer tells most of the server.
 */
export type Asker = 'leader' | 'scout' | 'other'

/**
 * When the API server may be asked: one back-off for all that a process asks of it. While the server is well, everybody
 * has a turn at once. From a fault on, turns come one at a time, and no sooner than a second for each request of those
 * before; a scout's turn that ends well gives way to everybody. As long as scouts fail and others do not, others have
 * every second turn, and leaders wait for nobody's turn to end, and not for long for what it has cost.
 */
export class Pace {
  readonly #clock: Clock
  readonly #random: Random
  readonly #leaders: Lane = { waiting: [], probe: undefined, isArmed: false, patience: leaderPatience }
  readonly #others: Lane = { waiting: [], probe: undefined, isArmed: false, patience: Infinity }
  #ill = false
  /** Turns of scouts in a row. */
  #scouted = 0
  /** Whether the last who asked, scouts aside, was answered. */
  #answered = false
  #faults = 0
  #absences = 0
  #lastFault = -Infinity
  /** Nobody asks before this time. */
  #until = 0
  /** When all that was asked is paid for. */
  #paid = 0

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

  /** Resolves when its holder may ask, or rejects when the signal comes. Every turn has to be ended. */
  turn(signal: AbortSignal, asker: Asker = 'other'): Promise<Turn> {
    if (signal.aborted) return Promise.reject(abortOf(signal))
    if (!this.#ill) return Promise.resolve(new Turn(this, asker, this.#clock))
    return new Promise((resolve, reject) => {
      const { waiting } = this.#laneOf(asker)
      const stop = (): void => signal.removeEventListener('abort', aborted)
      const waiter: Waiter = { resolve, asker, since: this.#clock.now(), stop }
      const aborted = (): void => {
        waiting.splice(waiting.indexOf(waiter), 1)
        reject(abortOf(signal))
      }
      signal.addEventListener('abort', aborted, { once: true })
      waiting.push(waiter)
      this.#arm()
    })
  }

  /** A request of this turn is sent. */
  spent(turn: Turn): void {
    if (this.#isProbe(turn)) this.#charge(this.#clock.now(), 1)
  }

  /** The server is well, says the holder of a turn. What it says to others is no news for scouts. */
  well(turn: Turn): void {
    if (!this.#endProbe(turn)) return
    if (turn.asker !== 'scout' && this.#scouts) return this.#goOn()
    this.#ill = false
    for (const lane of this.#lanes) {
      lane.probe = undefined
      for (const waiter of lane.waiting.splice(0)) this.#release(waiter)
    }
  }

  /** The server is not well, and is not to be asked for `retryAfter` milliseconds. */
  fault(turn: Turn, retryAfter: number): void {
    const now = this.#clock.now()
    this.#until = Math.max(this.#until, now + retryAfter)
    const wasIll = this.#ill
    if (!this.#endProbe(turn) && wasIll) return
    this.#faults = now - this.#lastFault > forgiven ? 1 : this.#faults + 1
    this.#lastFault = now
    if (!wasIll) this.#fallIll(turn)
    else if (turn.asker !== 'scout') this.#answered = false
    this.#stayAway(this.#faults === 1 ? firstWait * this.#random() : this.#usualWait)
  }

  /** Answers whether the server may be just starting; then it is asked on as in an outage. */
  refused(turn: Turn): boolean {
    if (!this.#isProbe(turn) || this.#clock.now() - this.#lastFault > starting) return false
    this.#endProbe(turn)
    this.#stayAway(this.#usualWait)
    return true
  }

  /** A turn that proved nothing. */
  passed(turn: Turn): void {
    if (this.#endProbe(turn)) this.#arm()
  }

  #fallIll(turn: Turn): void {
    this.#ill = true
    this.#scouted = 0
    this.#answered = false
    this.#paid = 0
    this.#charge(turn.begun, turn.requests)
  }

  /** Somebody was answered, and scouts were not. If nobody was before, the server may be back: scouts find out. */
  #goOn(): void {
    if (!this.#answered) this.#scouted = 0
    this.#answered = true
    this.#stayAway(leastWait)
  }

  #stayAway(ms: number): void {
    this.#until = Math.max(this.#until, this.#clock.now() + ms)
    this.#arm()
  }

  get #usualWait(): number {
    return leastWait + spread * this.#random()
  }

  #charge(from: number, requests: number): void {
    this.#paid = Math.max(this.#paid, from) + requests * perRequest
  }

  get #lanes(): readonly Lane[] {
    return [this.#others, this.#leaders]
  }

  #laneOf(asker: Asker): Lane {
    return asker === 'leader' ? this.#leaders : this.#others
  }

  /** Whether a scout waits or is asking. */
  get #scouts(): boolean {
    const { waiting, probe } = this.#others
    return probe?.asker === 'scout' || waiting.some(({ asker }) => asker === 'scout')
  }

  #isProbe(turn: Turn): boolean {
    return this.#laneOf(turn.asker).probe === turn
  }

  /** Whether it was one. */
  #endProbe(turn: Turn): boolean {
    if (!this.#isProbe(turn)) return false
    this.#laneOf(turn.asker).probe = undefined
    return true
  }

  #arm(): void {
    for (const lane of this.#lanes) this.#armLane(lane)
  }

  #armLane(lane: Lane): void {
    if (lane.isArmed || lane.probe !== undefined || lane.waiting.length === 0) return
    lane.isArmed = true
    this.#clock.after(this.#left(lane), () => {
      lane.isArmed = false
      if (!this.#ill || lane.probe !== undefined) return
      // Others may have asked since then, or may have been told to wait.
      if (this.#left(lane) > 0) return this.#armLane(lane)
      const waiter = this.#next(lane)
      if (waiter !== undefined) lane.probe = this.#release(waiter)
    })
  }

  /** How long it is until the next turn of a lane. */
  #left({ waiting, patience }: Lane): number {
    const now = this.#clock.now()
    const paid = Math.min(this.#paid, (waiting[0]?.since ?? now) + patience)
    return Math.max(0, Math.max(this.#until, paid) - now)
  }

  /** Scouts and others in turn, and of each who has waited longest. */
  #next({ waiting }: Lane): Waiter | undefined {
    const isScouts = this.#scouted < (this.#answered ? fewScouts : manyScouts)
    const wanted = waiting.findIndex(({ asker }) => (asker === 'scout') === isScouts)
    const [waiter] = waiting.splice(Math.max(0, wanted), 1)
    if (waiter?.asker === 'scout') this.#scouted++
    else if (waiter?.asker === 'other') this.#scouted = 0
    return waiter
  }

  #release({ resolve, asker, stop }: Waiter): Turn {
    stop()
    const turn = new Turn(this, asker, this.#clock)
    resolve(turn)
    return turn
  }
}

interface Waiter {
  readonly resolve: (turn: Turn) => void
  readonly asker: Asker
  readonly since: number
  readonly stop: () => void
}

/** In an outage each lane has one turn at a time. */
interface Lane {
  readonly waiting: Waiter[]
  /** The turn that is under way. */
  probe: Turn | undefined
  isArmed: boolean
  /** For so long it is waited until what was asked before is paid for. */
  readonly patience: number
}

/** Leave to ask. Its holder counts what it asks, and says how it went. */
export class Turn {
  readonly #pace: Pace
  readonly asker: Asker
  readonly begun: number
  #requests = 0

  constructor(pace: Pace, asker: Asker, clock: Clock) {
    this.#pace = pace
    this.asker = asker
    this.begun = clock.now()
  }

  get requests(): number {
    return this.#requests
  }

  /** One more request is sent. */
  spend(): void {
    this.#requests++
    this.#pace.spent(this)
  }

  /** The server does its work. What comes later is no longer part of the turn. */
  well(): void {
    this.#pace.well(this)
  }

  /** The server does not do its work, and may have said for how long. */
  ill(retryAfter = 0): void {
    this.#pace.fault(this, retryAfter)
  }

  /** What was allowed before is refused. If the server may be just starting, this ends the turn, and the answer is true. */
  refused(): boolean {
    return this.#pace.refused(this)
  }

  /** Ends a turn that proved nothing; of no effect on one that has ended. */
  pass(): void {
    this.#pace.passed(this)
  }
}

function abortOf(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('aborted')
}
