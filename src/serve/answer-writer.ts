import {
  chunked,
  printChunk,
  printChunkHead,
  printInterimHead,
  printLastChunk,
  printResponseHead,
  untilClose,
} from '../http/index.ts'
import type { RequestHead, ResponseHead } from '../http/index.ts'
import type { Lender } from '../model/index.ts'
import type { Transport } from './transport.ts'

/** Up to this many octets a head and a body leave as one string: the cheapest write that there is. */
const oneWrite = 8 * 1024

/**
 * Writes one answer: interim heads, a final head, and a body framed as that head announced. What is small is gathered
 * and leaves together, by `flush` or at the end.
 */
export class AnswerWriter {
  readonly #transport: Transport
  readonly #request: RequestHead
  #pending = ''
  #chunked = false
  /** Octets that the head announced and that are still to come; Infinity if it did not say. */
  #left = 0
  #headWritten = false
  #ended = false
  bytesSent = 0

  constructor(transport: Transport, request: RequestHead) {
    this.#transport = transport
    this.#request = request
  }

  get headWritten(): boolean {
    return this.#headWritten
  }

  get ended(): boolean {
    return this.#ended
  }

  writeInterim(head: ResponseHead): void {
    if (this.#request.minor === 0 || this.#headWritten) return
    this.#pending += printInterimHead(head)
  }

  writeText(text: string): void {
    this.#pending += text
  }

  /** `close`: the connection ends after this answer. `date` is for a head that has none. */
  writeHead(head: ResponseHead, close: boolean, date: string): void {
    const { minor } = this.#request
    const open = head.bodyLength === chunked || head.bodyLength === untilClose
    this.#headWritten = true
    this.#chunked = open && minor === 1
    this.#left = open ? Infinity : head.bodyLength
    this.#pending += printResponseHead(head, { minor, close, date })
  }

  /** Whether the head announced that many octets more. */
  admits(size: number): boolean {
    return size <= this.#left
  }

  /** Answers false if the client does not take more for now. */
  writeBody(bytes: Buffer, start: number, end: number, lender?: Lender): boolean {
    const size = end - start
    if (size === 0) return !this.#transport.full
    this.#left -= size
    this.bytesSent += size
    if (this.#pending.length + size > oneWrite) return this.#writeLarge(bytes, start, end, lender)
    this.#pending += this.#chunked ? printChunk(bytes, start, end) : bytes.toString('latin1', start, end)
    return !this.#transport.full
  }

  /** Answers whether the body is as long as it was announced. */
  end(trailers: string): boolean {
    if (this.#left !== 0 && this.#left !== Infinity) return false
    this.#ended = true
    if (this.#chunked) this.#pending += printLastChunk(this.#request.acceptsTrailers ? trailers : '')
    this.flush()
    return true
  }

  flush(): void {
    if (this.#pending === '') return
    const text = this.#pending
    this.#pending = ''
    this.#transport.writeText(text)
  }

  #writeLarge(bytes: Buffer, start: number, end: number, lender: Lender | undefined): boolean {
    this.#transport.cork()
    if (this.#chunked) this.#pending += printChunkHead(end - start)
    this.flush()
    this.#transport.writeBytes(bytes, start, end, lender)
    if (this.#chunked) this.#transport.writeText('\r\n')
    this.#transport.uncork()
    return !this.#transport.full
  }
}
