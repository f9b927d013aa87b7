import { chunked, ChunkedDecoder } from '../http/index.ts'
import type { BodySink, Lender } from '../model/index.ts'

/** The body of one request as it comes in: counted or chunked, handed to a sink, or thrown away. */
export class RequestBody {
  readonly #decoder: ChunkedDecoder | undefined
  #left: number
  #sink: BodySink | undefined
  #paused = false
  #discarded = false
  #ended = false

  constructor(bodyLength: number) {
    this.#decoder = bodyLength === chunked ? new ChunkedDecoder() : undefined
    this.#left = bodyLength
  }

  /** All octets of the body have been taken off the connection. */
  get complete(): boolean {
    return this.#decoder === undefined ? this.#left === 0 : this.#decoder.done
  }

  get faulty(): boolean {
    return this.#decoder?.faulty === true
  }

  /** Somebody wants octets now. */
  get flowing(): boolean {
    return this.#discarded || (this.#sink !== undefined && !this.#paused)
  }

  /** Somebody takes octets, at a pace of their own. */
  get poured(): boolean {
    return this.#sink !== undefined
  }

  pour(sink: BodySink): void {
    this.#sink = sink
    this.#finish()
  }

  resume(): void {
    this.#paused = false
  }

  /** Nobody wants the rest. */
  discard(): void {
    this.#discarded = true
  }

  /** Takes what belongs to the body and is wanted; answers the index of the first octet that was not taken. */
  take(bytes: Buffer, start: number, end: number, lender?: Lender): number {
    if (!this.flowing || this.complete) return start
    const at =
      this.#decoder === undefined
        ? this.#takeCounted(bytes, start, end, lender)
        : this.#decoder.take(bytes, start, end, (octets, from, to) => this.#give(octets, from, to, lender))
    this.#finish()
    return at
  }

  #takeCounted(bytes: Buffer, start: number, end: number, lender: Lender | undefined): number {
    const stop = Math.min(end, start + this.#left)
    this.#left -= stop - start
    this.#give(bytes, start, stop, lender)
    return stop
  }

  #give(bytes: Buffer, start: number, end: number, lender: Lender | undefined): boolean {
    if (this.#discarded) return true
    this.#paused = this.#sink?.data(bytes, start, end, lender) === false
    return !this.#paused
  }

  #finish(): void {
    if (!this.complete || this.#ended || this.#discarded || this.#sink === undefined) return
    this.#ended = true
    this.#sink.end(this.#decoder?.trailers ?? '')
  }
}
