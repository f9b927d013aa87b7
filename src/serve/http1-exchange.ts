import { continueHead } from '../http/index.ts'
import type { RequestHead, ResponseHead } from '../http/index.ts'
import type { BodySink, Client, Exchange, ExchangeHandler, Lender, TunnelSide } from '../model/index.ts'
import type { AnswerWriter } from './answer-writer.ts'
import type { RequestBody } from './request-body.ts'

/** What an exchange needs of the connection that it runs on. */
export interface ExchangeCarrier {
  /** The answer is complete, or will never be. */
  finished(): void
  cut(): void
  /** The client takes no more for now. */
  stalled(): void
  /** Octets of the request body are wanted. */
  bodyWanted(): void
  /** The date now. */
  readonly date: string
  /** Whether the connection closes after this answer; where the answer is not framed, its end is that of the connection. */
  closesAfter(framed: boolean): boolean
  switchToTunnel(): TunnelSide
}

/** An HTTP/1.1 request and its answer on a connection that carries one exchange at a time. */
export class Http1Exchange implements Exchange {
  readonly client: Client
  readonly request: RequestHead
  readonly requestId: string
  readonly started: number
  readonly body: RequestBody
  readonly #writer: AnswerWriter
  readonly #carrier: ExchangeCarrier
  #handler: ExchangeHandler | undefined
  #over = false
  #continueDue: boolean

  constructor(
    asked: {
      readonly client: Client
      readonly request: RequestHead
      readonly requestId: string
      readonly started: number
    },
    parts: { readonly body: RequestBody; readonly writer: AnswerWriter; readonly carrier: ExchangeCarrier },
  ) {
    this.client = asked.client
    this.request = asked.request
    this.requestId = asked.requestId
    this.started = asked.started
    this.body = parts.body
    this.#writer = parts.writer
    this.#carrier = parts.carrier
    this.#continueDue = asked.request.expectContinue
  }

  get bytesSent(): number {
    return this.#writer.bytesSent
  }

  get answered(): boolean {
    return this.#writer.ended
  }

  get headWritten(): boolean {
    return this.#writer.headWritten
  }

  attach(handler: ExchangeHandler): void {
    this.#handler = handler
  }

  readBody(sink: BodySink): void {
    if (this.#continueDue && !this.body.complete) this.#continue()
    this.#continueDue = false
    this.body.pour(sink)
    this.#carrier.bodyWanted()
  }

  #continue(): void {
    this.#writer.writeText(continueHead)
    this.#writer.flush()
  }

  resumeBody(): void {
    this.body.resume()
    this.#carrier.bodyWanted()
  }

  writeInterim(head: ResponseHead): void {
    if (!this.#over) this.#writer.writeInterim(head)
  }

  /** Whoever answers without reading the body does not want it; who reads it may go on to, at a pace of its own. */
  writeHead(head: ResponseHead): void {
    if (this.#over) return
    if (!this.body.poured && !this.body.complete) {
      this.body.discard()
      this.#carrier.bodyWanted()
    }
    const framed = head.bodyLength >= 0 || this.request.minor === 1
    this.#writer.writeHead(head, this.#carrier.closesAfter(framed), head.hasDate ? '' : this.#carrier.date)
  }

  writeBody(bytes: Buffer, start: number, end: number, lender?: Lender): boolean {
    if (!this.#over && !this.#writer.admits(end - start)) this.abort()
    if (this.#over) return true
    const more = this.#writer.writeBody(bytes, start, end, lender)
    if (!more) this.#carrier.stalled()
    return more
  }

  flush(): void {
    if (!this.#over) this.#writer.flush()
  }

  endBody(trailers: string): void {
    if (this.#over) return
    if (!this.#writer.end(trailers)) return this.abort()
    this.#over = true
    this.#carrier.finished()
  }

  abort(): void {
    if (this.#over) return
    this.#over = true
    this.#carrier.cut()
  }

  get tunnel(): () => TunnelSide {
    return () => {
      this.#writer.flush()
      this.#over = true
      return this.#carrier.switchToTunnel()
    }
  }

  /** The client takes octets again. */
  drained(): void {
    if (!this.#over) this.#handler?.drained()
  }

  /** What can be answered still is answered by the handler in this call, or never. It hears nothing after it. */
  cancel(fault: 'ClientGone' | 'BadRequest' | 'ClientTimeout'): void {
    if (this.#over) return
    const handler = this.#handler
    this.#handler = undefined
    this.#over = fault === 'ClientGone' || this.#writer.headWritten
    handler?.cancelled(fault)
    this.#over = true
  }
}
