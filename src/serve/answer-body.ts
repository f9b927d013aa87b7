import { chunked, ChunkedDecoder, untilClose } from '../http/index.ts'

/** The body of one answer after another, as it comes from an upstream: counted, in chunks, or until the close (RFC 9112 6.3). */
export class AnswerBody {
  readonly #give: (bytes: Buffer, start: number, end: number) => void
  /** Of a counted body; Infinity if it runs until the close. */
  #left = 0
  #decoder: ChunkedDecoder | undefined

  /** `give` is called with all that is taken, free of framing. */
  constructor(give: (bytes: Buffer, start: number, end: number) => void) {
    this.#give = give
  }

  begin(bodyLength: number): void {
    this.#left = bodyLength === untilClose ? Infinity : bodyLength
    this.#decoder = bodyLength === chunked ? new ChunkedDecoder() : undefined
  }

  get complete(): boolean {
    return this.#decoder === undefined ? this.#left === 0 : this.#decoder.done
  }

  get faulty(): boolean {
    return this.#decoder?.faulty === true
  }

  get endsByClose(): boolean {
    return this.#left === Infinity
  }

  get trailers(): string {
    return this.#decoder?.trailers ?? ''
  }

  /** Answers the index of the first octet that is not of the body. */
  take(bytes: Buffer, start: number, end: number): number {
    if (this.#decoder !== undefined) return this.#takeChunks(this.#decoder, bytes, start, end)
    const stop = Math.min(end, start + this.#left)
    this.#left -= stop - start
    this.#give(bytes, start, stop)
    return stop
  }

  #takeChunks(decoder: ChunkedDecoder, bytes: Buffer, start: number, end: number): number {
    let at = start
    while (at < end && !decoder.done && !decoder.faulty) at = decoder.take(bytes, at, end, this.#giveAll)
    return at
  }

  readonly #giveAll = (bytes: Buffer, start: number, end: number): boolean => {
    this.#give(bytes, start, end)
    return true
  }
}
