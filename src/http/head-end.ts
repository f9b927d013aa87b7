import type { HeadLimits, RequestFault } from './message.ts'
import { cr, lf } from './octets.ts'

/**
 * Looks for the end of a head in octets that arrive bit by bit. Each octet is looked at once, whatever the cuts, and a
 * head that can no longer become a good one is refused at once: by a bare LF, or by its size.
 */
export class HeadEnd {
  fault: RequestFault = 'BadRequest'
  readonly #limits: HeadLimits
  /** Octets of the head seen so far. */
  #seen = 0
  /** Octets since the last LF. */
  #line = 0
  #lines = 0
  #last = 0

  constructor(limits: HeadLimits) {
    this.#limits = limits
  }

  /** Before each head. */
  reset(): void {
    this.#seen = this.#line = this.#lines = this.#last = 0
  }

  /** Whether any octet of a head has been seen. */
  get begun(): boolean {
    return this.#seen > 0
  }

  /** Takes the octets that are new. Answers the index after the blank line, 0 if more is needed, -1 if refused. */
  find(bytes: Buffer, start: number, end: number): number {
    for (let at = start; at < end;) {
      const next = bytes.indexOf(lf, at)
      const stop = next < 0 || next >= end ? end : next + 1
      const found = this.#take(bytes, at, stop, stop - 1 === next)
      if (found !== 0) return found < 0 ? -1 : stop
      at = stop
    }
    return 0
  }

  /** Octets up to and including the next LF, or up to the end of what is there. */
  #take(bytes: Buffer, at: number, stop: number, ended: boolean): number {
    const length = stop - at
    this.#seen += length
    this.#line += length
    if (this.#lines === 0 && this.#line > this.#limits.requestLine) return this.#refuse('TargetTooLong')
    if (this.#seen > this.#limits.head) return this.#refuse('HeadTooLarge')
    const before = length > 1 ? bytes[stop - 2] : this.#last
    this.#last = bytes[stop - 1] ?? 0
    if (!ended) return 0
    if (before !== cr) return this.#refuse('BadRequest')
    const blank = this.#line === 2
    this.#line = 0
    this.#lines++
    return blank ? 1 : 0
  }

  #refuse(fault: RequestFault): number {
    this.fault = fault
    return -1
  }
}
