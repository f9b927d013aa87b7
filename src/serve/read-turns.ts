/** A read of at least so many octets is part of something large; what is less, as most heads are, waits for no turn. */
const large = 8 * 1024
/** Milliseconds that large reads take in a turn of the loop, those of all sockets together. */
const share = 5
/** So many of those who wait are called in a turn: what is left of its share is for what they read on at once. */
const calledInTurn = 4

/** Who reads from a socket, and whose octets wait where a turn of the loop has had its share. */
export interface TurnTaker {
  /** A later turn has come. */
  readOn(): void
}

/**
 * A worker reads what comes as fast as it comes, from each socket up to 2 MiB at once: a hundred peers that send all they
 * can would make a turn of the loop so long that everybody else waits for it. So large reads share a part of each turn;
 * what is read when that is used up waits, and all that follows it, for one of the next turns: first come, first served.
 */
export class ReadTurns {
  readonly #now: () => number
  readonly #nextTurn: (begin: () => void) => void
  readonly #waiting = new Set<TurnTaker>()
  /** Who has been called in this turn. */
  readonly #called = new Set<TurnTaker>()
  /** When the share of this turn is used up; undefined before its first large read. */
  #end: number | undefined

  /** `now` in milliseconds; `nextTurn` calls back when all sockets have been read from. */
  constructor(now = (): number => performance.now(), nextTurn: (begin: () => void) => void = setImmediate) {
    this.#now = now
    this.#nextTurn = nextTurn
  }

  /** Told of each read. Answers true if it has to wait: then `taker` is in the queue. */
  mustWait(taker: TurnTaker, octets: number): boolean {
    if (octets < large) return false
    const now = this.#now()
    if (this.#end === undefined) this.#begin(now)
    else if (now >= this.#end || this.#isOvertaking(taker)) return this.enter(taker)
    return false
  }

  #isOvertaking(taker: TurnTaker): boolean {
    return this.#waiting.size > 0 && !this.#called.has(taker)
  }

  /** `taker` is called in a later turn, unless it leaves before. Who is in the queue stays where it is. */
  enter(taker: TurnTaker): true {
    this.#waiting.add(taker)
    if (this.#end === undefined) this.#begin(this.#now())
    return true
  }

  leave(taker: TurnTaker): void {
    this.#waiting.delete(taker)
  }

  #begin(now: number): void {
    this.#end = now + share
    this.#nextTurn(() => this.#turn())
    for (let calls = 0; calls < calledInTurn; calls++) this.#nextTurn(() => this.#callNext())
  }

  #turn(): void {
    this.#end = undefined
    this.#called.clear()
  }

  /**
   * Those who wait come before those from whom more is read. Each has a call of its own, as each read has: what one of them
   * leaves for a microtask is done before the next.
   */
  #callNext(): void {
    const [taker] = this.#waiting
    if (taker === undefined) return
    if (this.#end === undefined) this.#begin(this.#now())
    else if (this.#now() >= this.#end) return
    this.#waiting.delete(taker)
    this.#called.add(taker)
    taker.readOn()
  }
}
