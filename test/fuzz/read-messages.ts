import { chunked, ChunkedDecoder, HeadEnd, untilClose } from '../../src/http/index.ts'
import type { DroppedField, HeadLimits } from '../../src/http/index.ts'

/** A message as it was read off a connection. */
export interface Message<Head> {
  readonly head: Head
  readonly body: string
  /** Trailer lines that may go on. */
  readonly trailers: string
  /** Those that may not. */
  readonly droppedTrailers: readonly DroppedField[]
  readonly complete: boolean
  /** The index of its first octet. */
  readonly start: number
  /** The index after it. */
  readonly end: number
}

export interface Reading<Head> {
  readonly messages: readonly Message<Head>[]
  /** Why reading ended: a fault, the octets, or because nothing more is read after what was read. */
  readonly end: string
}

/** What differs between requests and answers. */
export interface Side<Head extends { readonly bodyLength: number }> {
  readonly limits: HeadLimits
  /** Scans a head, and answers where it ends; a text is a fault. */
  readonly scan: (bytes: Buffer, start: number, end: number) => readonly [after: number, head: Head] | string
  /** Whether another message may follow. */
  readonly goesOn: (head: Head) => boolean
}

type BodyEnd = 'complete' | 'short' | 'BadRequest'

/** Reads messages as a connection does, seeing ever more of the octets: up to each cut, and then all. */
export class MessageReader<Head extends { readonly bodyLength: number }> {
  readonly #bytes: Buffer
  readonly #side: Side<Head>
  readonly #messages: Message<Head>[] = []
  readonly #headEnd: HeadEnd
  #head: Head | undefined
  #start = 0
  #at = 0
  #body = ''
  #left = 0
  #decoder = new ChunkedDecoder()
  #end = ''

  constructor(bytes: Buffer, side: Side<Head>) {
    // A copy, since octets of small chunks are moved together where they stand.
    this.#bytes = Buffer.from(bytes)
    this.#side = side
    this.#headEnd = new HeadEnd(side.limits)
  }

  read(cuts: readonly number[]): Reading<Head> {
    for (const to of [...cuts, this.#bytes.length]) while (this.#end === '' && this.#take(to)) continue
    if (this.#head !== undefined) this.#note(this.#head, this.#end === '' && this.#head.bodyLength === untilClose)
    return { messages: this.#messages, end: this.#end || 'more' }
  }

  /** Answers whether it got on. */
  #take(to: number): boolean {
    if (this.#head === undefined) return this.#takeHead(to)
    const end = this.#takeBody(this.#head, to)
    if (end === 'BadRequest') this.#end = end
    if (end !== 'complete') return false
    const head = this.#head
    this.#note(head, true)
    if (!this.#side.goesOn(head)) this.#end = 'closed'
    return true
  }

  /** A head that is there whole may be read in one pass; else its end is looked for as octets come. */
  #takeHead(to: number): boolean {
    const { scan, limits } = this.#side
    const whole = this.#headEnd.begun ? 'BadRequest' : scan(this.#bytes, this.#start, to)
    if (typeof whole !== 'string' && whole[0] - this.#start <= limits.requestLine) return this.#begin(...whole)
    const found = this.#headEnd.find(this.#bytes, this.#at, to)
    this.#at = to
    if (found === 0) return false
    const scanned = found < 0 ? this.#headEnd.fault : scan(this.#bytes, this.#start, found)
    if (typeof scanned !== 'string') return this.#begin(...scanned)
    this.#end = scanned
    return false
  }

  #begin(after: number, head: Head): true {
    this.#head = head
    this.#left = head.bodyLength === untilClose ? Infinity : head.bodyLength
    this.#at = after
    return true
  }

  #takeBody({ bodyLength }: Head, to: number): BodyEnd {
    if (bodyLength === chunked) return this.#takeChunks(to)
    const stop = Math.min(to, this.#at + this.#left)
    this.#body += this.#bytes.toString('latin1', this.#at, stop)
    this.#left -= stop - this.#at
    this.#at = stop
    return this.#left === 0 ? 'complete' : 'short'
  }

  #takeChunks(to: number): BodyEnd {
    this.#at = this.#decoder.take(this.#bytes, this.#at, to, (bytes, start, end) => {
      this.#body += bytes.toString('latin1', start, end)
      return true
    })
    if (this.#decoder.faulty) return 'BadRequest'
    return this.#decoder.done ? 'complete' : 'short'
  }

  #note(head: Head, complete: boolean): void {
    const { trailers, droppedTrailers } = this.#decoder
    const [body, start, end] = [this.#body, this.#start, this.#at]
    this.#messages.push({ head, body, trailers, droppedTrailers, complete, start, end })
    this.#head = undefined
    this.#body = ''
    this.#decoder.reset()
    this.#headEnd.reset()
    this.#start = this.#at
  }
}
