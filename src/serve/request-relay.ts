import { chunked, printChunk, printChunkHead, printLastChunk } from '../http/index.ts'
import type { BodySink, Exchange, Lender } from '../model/index.ts'
import { HeldBytes } from './held-bytes.ts'
import type { UpstreamConnection } from './upstream-connection.ts'

/** A body up to this size is held, so that it can be sent again. */
const mostReplay = 64 * 1024
/** Above this size a piece of a body is written as it is; up to it, pieces leave together, however small their chunks. */
const largePiece = 8 * 1024

/** Octets of a body, from `start` to `end`. */
interface Piece {
  readonly bytes: Buffer
  readonly start: number
  readonly end: number
  readonly lender?: Lender | undefined
}

/** Passes a request body on to an upstream connection, framed anew, at the pace at which it is taken. */
export class RequestRelay implements BodySink {
  readonly #exchange: Exchange
  readonly #limit: number
  readonly #tooLarge: () => void
  readonly #chunked: boolean
  #connection: UpstreamConnection | undefined
  /** What came so far, as long as it may have to be sent again. */
  #held: HeldBytes | undefined
  /** Text that leaves at the end of this turn. */
  #pending = ''
  #scheduled = false
  #size = 0
  #started = false
  #ended = false
  #waiting = false
  #trailers = ''

  /** `repeatable`: keep a small body for another try. `tooLarge` is called once more than `limit` octets have come. */
  constructor(
    exchange: Exchange,
    options: { readonly repeatable: boolean; readonly limit: number; readonly tooLarge: () => void },
  ) {
    this.#exchange = exchange
    this.#limit = options.limit
    this.#tooLarge = options.tooLarge
    this.#chunked = exchange.request.bodyLength === chunked
    this.#held = options.repeatable ? new HeldBytes() : undefined
  }

  /** Whether the whole body could be sent again. */
  get repeatable(): boolean {
    return this.#ended && this.#held !== undefined
  }

  /** Sends the body on a connection, from its beginning. */
  sendOn(connection: UpstreamConnection): void {
    this.#connection = connection
    this.#pending = ''
    if (!this.#started) {
      this.#started = true
      return this.#exchange.readBody(this)
    }
    this.#held?.read((bytes, start, end) => void this.#write(connection, { bytes, start, end }))
    if (this.#ended) this.#end(connection)
  }

  /** Nothing is sent any more. */
  stop(): void {
    this.#connection = undefined
    this.#held = undefined
  }

  drained(): void {
    if (!this.#waiting) return
    this.#waiting = false
    this.#exchange.resumeBody()
  }

  data(bytes: Buffer, start: number, end: number, lender?: Lender): boolean {
    this.#size += end - start
    if (this.#size > this.#limit) {
      this.#tooLarge()
      return true
    }
    this.#hold(bytes, start, end)
    this.#waiting = this.#connection !== undefined && !this.#write(this.#connection, { bytes, start, end, lender })
    return !this.#waiting
  }

  end(trailers: string): void {
    this.#ended = true
    this.#trailers = this.#exchange.request.acceptsTrailers ? trailers : ''
    if (this.#connection !== undefined) this.#end(this.#connection)
  }

  #hold(bytes: Buffer, start: number, end: number): void {
    if (this.#held === undefined) return
    if (this.#size > mostReplay) this.#held = undefined
    else this.#held.append(bytes, start, end)
  }

  #write(connection: UpstreamConnection, { bytes, start, end, lender }: Piece): boolean {
    if (end - start <= largePiece) {
      return this.#gather(
        connection,
        this.#chunked ? printChunk(bytes, start, end) : bytes.toString('latin1', start, end),
      )
    }
    this.#flush()
    if (!this.#chunked) return connection.writeBytes(bytes, start, end, lender)
    connection.cork()
    connection.writeText(printChunkHead(end - start))
    connection.writeBytes(bytes, start, end, lender)
    const more = connection.writeText('\r\n')
    connection.uncork()
    return more
  }

  #gather(connection: UpstreamConnection, text: string): boolean {
    this.#pending += text
    if (this.#pending.length >= largePiece) return this.#flush()
    if (!this.#scheduled) process.nextTick(() => this.#flush())
    this.#scheduled = true
    return !connection.full
  }

  #flush(): boolean {
    const text = this.#pending
    this.#pending = ''
    this.#scheduled = false
    return text === '' || this.#connection === undefined || this.#connection.writeText(text)
  }

  #end(connection: UpstreamConnection): void {
    if (this.#chunked) this.#pending += printLastChunk(this.#trailers)
    this.#flush()
    connection.requestEnded()
  }
}
