import { KubeError } from './kube-error.ts'

const lineFeed = 0x0a

/**
 * Cuts a stream of octets into lines. A line is given once its end has come, never in part, so a stream that breaks off
 * inside a line, or inside a character, leaves nothing behind. Throws when a line grows beyond its limit.
 */
export class LineSplitter {
  readonly #limit: number
  readonly #line: (text: string) => void
  /** Of a line whose end has not come. */
  #parts: Buffer[] = []
  #held = 0

  constructor(limit: number, line: (text: string) => void) {
    this.#limit = limit
    this.#line = line
  }

  take(chunk: Buffer): void {
    let from = 0
    for (let end = chunk.indexOf(lineFeed); end >= 0; end = chunk.indexOf(lineFeed, from)) {
      const line = this.#join(chunk.subarray(from, end)).toString('utf8')
      from = end + 1
      if (line.trim() !== '') this.#line(line)
    }
    if (from < chunk.length) this.#hold(chunk.subarray(from))
  }

  /** Most lines come in one part, which is not copied. */
  #join(last: Buffer): Buffer {
    this.#check(this.#held + last.length)
    if (this.#held === 0) return last
    const line = Buffer.concat([...this.#parts, last])
    this.#parts = []
    this.#held = 0
    return line
  }

  #hold(part: Buffer): void {
    this.#check(this.#held + part.length)
    this.#held += part.length
    this.#parts.push(part)
  }

  #check(length: number): void {
    if (length > this.#limit)
      throw new KubeError(0, 'TooLarge', `a line of a watch is longer than ${this.#limit} octets`)
  }
}
