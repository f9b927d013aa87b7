import { KubeError } from './kube-error.ts'

const lineFeed = 0x0a

/**
 * Cuts a stream of octets into lines. A line is given once its end has come, never in part, so a stream that breaks off
 * inside a line, or inside a character, leaves nothing behind. Throws when a line grows beyond its limit.
 */
export class LineSplitter {
  readonly #limit: number
  readonly #line: (text: string) => void
  #parts: Buffer[] = []
  #held = 0

  constructor(limit: number, line: (text: string) => void) {
    this.#limit = limit
    this.#line = line
  }

  take(chunk: Buffer): void {
    let from = 0
    for (let end = chunk.indexOf(lineFeed); end >= 0; end = chunk.indexOf(lineFeed, from)) {
      this.#hold(chunk.subarray(from, end))
      from = end + 1
      const line = Buffer.concat(this.#parts).toString('utf8')
      this.#parts = []
      this.#held = 0
      if (line.trim() !== '') this.#line(line)
    }
    if (from < chunk.length) this.#hold(chunk.subarray(from))
  }

  #hold(part: Buffer): void {
    this.#held += part.length
    if (this.#held > this.#limit)
      throw new KubeError(0, 'TooLarge', `a line of a watch is longer than ${this.#limit} octets`)
    this.#parts.push(part)
  }
}
