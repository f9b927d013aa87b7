const cr = 13
const lf = 10

/** Robustness asks for one before a request (RFC 9112 2.2); a second one is a head with nothing in it, and refused. */
export class BlankLine {
  #taken = false

  /** Before what may stand in front of the next request. */
  reset(): void {
    this.#taken = false
  }

  /** Answers where to go on, also if only half of it is there; -1 if there is none. */
  skip(bytes: Buffer, start: number, end: number): number {
    if (this.#taken || bytes[start] !== cr) return -1
    if (end - start === 1) return start
    this.#taken = bytes[start + 1] === lf
    return this.#taken ? start + 2 : -1
  }
}
