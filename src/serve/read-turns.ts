/** A read of at least so many octets is part of something large; heads and small bodies never wait for a turn. */
const large = 8 * 1024
/** Milliseconds that large reads take in a turn of the loop, those of all sockets together. */
const share = 5
/** Of those who rest, so many read on in each turn. */
const wokenInTurn = 4

/** Who reads from a socket, and stops where a turn of the loop has had its share. */
export interface TurnTaker {
  /** A later turn has come: reads on. */
  readOn(): void
}

/**
 * A worker reads what comes as fast as it comes, from each socket up to 2 MiB at once: a hundred peers that send all they
 * can would make a turn of the loop so long that everybody else waits for it. So large reads share a part of each turn;
 * whose octets come when it is used up rests, and reads on in one of the next turns, first come, first served.
 */
export class ReadTurns {
  readonly #now: () => number
  readonly #nextTurn: (begin: () => void) => void
  readonly #resting = new Set<TurnTaker>()
  /** When the share of this turn is used up; undefined before its first large read. */
  #end: number | undefined
  #scheduled = false

  /** `now` in milliseconds; `nextTurn` calls back when all sockets have been read from. */
  constructor(now = (): number => performance.now(), nextTurn: (begin: () => void) => void = setImmediate) {
    this.#now = now
    this.#nextTurn = nextTurn
  }

  /** Told of each read. Answers true if `taker` has to rest now: it is called in a later turn, unless it leaves before. */
  mustRest(taker: TurnTaker, octets: number): boolean {
    if (octets < large) return false
    const now = this.#now()
    if (this.#end === undefined) this.#begin(now)
    else if (now >= this.#end) return this.#rest(taker)
    return false
  }

  leave(taker: TurnTaker): void {
    this.#resting.delete(taker)
  }

  #begin(now: number): void {
    this.#end = now + share
    this.#schedule()
  }

  #rest(taker: TurnTaker): true {
    this.#resting.add(taker)
    return true
  }

  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    this.#nextTurn(() => this.#turn())
  }

  #turn(): void {
    this.#scheduled = false
    this.#end = undefined
    let woken = 0
    for (const taker of this.#resting) {
      if (woken++ === wokenInTurn) break
      this.#resting.delete(taker)
      taker.readOn()
    }
    if (this.#resting.size > 0) this.#schedule()
  }
}
