import { connect } from 'node:net'
import type { Socket } from 'node:net'

import type { Deadline } from '../base/index.ts'
import { HeadEnd, untilClose } from '../http/index.ts'
import type { RequestHead, ResponseHead } from '../http/index.ts'
import type { Endpoint, Lender, TunnelSide } from '../model/index.ts'
import { AnswerBody } from './answer-body.ts'
import { guardedLookup } from './guarded-lookup.ts'
import { HeldBytes } from './held-bytes.ts'
import { defaultKeepAlive, keepAliveOf } from './keep-alive.ts'
import { readDirectly } from './node-internals.ts'
import { SocketReader } from './socket-reader.ts'
import type { OctetTaker } from './socket-reader.ts'
import { SocketWriter } from './socket-writer.ts'
import { StallDeadline } from './stall-deadline.ts'
import type { UpstreamContext } from './upstream-context.ts'
import type { UpstreamEvents, UpstreamFault } from './upstream-events.ts'
import { UpstreamTunnel } from './upstream-tunnel.ts'

/** Octets that may wait for an upstream beside those that were read last. */
const highWaterMark = 16 * 1024
const mostInterim = 16

type Phase = 'connecting' | 'idle' | 'head' | 'body' | 'ended' | 'tunnel' | 'closed'

/**
 * A connection to an endpoint: one request at a time, one strict reading of its answer. By any doubt (octets that nobody
 * asked for, a broken frame, an end too early) it is closed and never used again.
 */
export class UpstreamConnection implements OctetTaker {
  readonly endpoint: Endpoint
  readonly #context: UpstreamContext
  readonly #socket: Socket
  readonly #reader: SocketReader
  /** From the moment at which it is connected. */
  #writer!: SocketWriter
  readonly #headEnd: HeadEnd
  readonly #held = new HeldBytes()
  readonly #deadline: Deadline
  readonly #writing: StallDeadline
  readonly #onClosed: (connection: UpstreamConnection, connected: boolean) => void
  readonly #onIdle: (connection: UpstreamConnection) => void
  #phase: Phase = 'connecting'
  #events: UpstreamEvents | undefined
  #tunnel: UpstreamTunnel | undefined
  #method = ''
  readonly #body = new AnswerBody((bytes, start, end) => this.#give(bytes, start, end))
  #interims = 0
  /** Octets of all of them. */
  #interimSize = 0
  #requestSent = false
  #reusable = false
  #answerTimeout = 0
  #keepReading = true
  /** Of the octets that are being taken. */
  #lender: Lender | undefined
  /** How many of the held octets the search for the end of a head has seen. */
  #searched = 0
  /** When it became idle, and how long it may stay so. */
  idleSince = 0
  #keepAlive = defaultKeepAlive

  constructor(
    endpoint: Endpoint,
    context: UpstreamContext,
    timeout: number,
    hooks: {
      readonly connected: (connection: UpstreamConnection) => void
      readonly closed: (connection: UpstreamConnection, connected: boolean) => void
      readonly idle: (connection: UpstreamConnection) => void
    },
  ) {
    this.endpoint = endpoint
    this.#context = context
    this.#onClosed = hooks.closed
    this.#onIdle = hooks.idle
    this.#headEnd = new HeadEnd({
      requestLine: context.settings.upstreamHead,
      head: context.settings.upstreamHead,
      fields: 0,
    })
    this.#deadline = context.deadlines.watch(() => this.#expired())
    this.#writing = new StallDeadline(
      context.deadlines,
      context.settings.stallTimeout,
      () => this.#writer.unsent,
      () => this.#fail('timeout'),
    )
    this.#deadline.arm(timeout)
    const reader = (this.#reader = new SocketReader(context.readBuffers, this))
    const onread = { buffer: reader.buffer, callback: (length: number) => reader.read(length) }
    const { address: host, port } = endpoint
    const options = { noDelay: true, allowHalfOpen: true, highWaterMark, onread, lookup: guardedLookup }
    this.#socket = connect({ host, port, ...options })
    reader.from(this.#socket)
    this.#socket.once('connect', () => {
      this.#connected(reader)
      hooks.connected(this)
    })
    this.#listen(reader)
  }

  #listen(reader: SocketReader): void {
    this.#socket.on('error', () => this.#socket.destroy())
    this.#socket.on('end', () => {
      reader.end()
      this.#ended()
    })
    this.#socket.on('close', () => {
      reader.close()
      this.#closed()
    })
  }

  #connected(reader: SocketReader): void {
    const { direct } = this.#context.readBuffers
    this.#deadline.disarm()
    this.#phase = 'idle'
    reader.changes = direct && readDirectly(this.#socket, reader)
    this.#writer = new SocketWriter(this.#socket, direct, this)
  }

  /** The upstream takes octets again. */
  drained(): void {
    this.#writing.disarm()
    if (this.#phase === 'tunnel') this.#tunnel?.drained()
    else this.#events?.requestDrained()
  }

  /** Whether a request may be put on it now: it is open, quiet, and not about to be closed by the peer. */
  isFresh(mostIdle: number): boolean {
    const idle = this.#context.clock.now() - this.idleSince
    const quiet = this.#phase === 'idle' && !this.#socket.destroyed && !this.#reader.isLate
    return quiet && idle < Math.min(this.#keepAlive, mostIdle)
  }

  /** Begins an exchange. `head` leaves with the first octets of the body if they come in the same turn. */
  begin(
    { method, bindsConnection }: RequestHead,
    head: string,
    answer: { readonly timeout: number; readonly events: UpstreamEvents },
  ): void {
    this.#phase = 'head'
    this.#method = method
    this.#events = answer.events
    this.#interims = this.#interimSize = 0
    this.#requestSent = false
    this.#reusable = !bindsConnection
    this.#answerTimeout = answer.timeout
    this.#headEnd.reset()
    this.#deadline.disarm()
    this.writeText(head)
  }

  writeText(text: string): boolean {
    return this.#noteWrite(this.#writer.writeText(text))
  }

  /** Octets that are borrowed for the call alone are copied. */
  writeBytes(bytes: Buffer, start: number, end: number, lender?: Lender): boolean {
    return this.#noteWrite(this.#writer.writeBytes(bytes, start, end, lender))
  }

  /** The peer takes no more of the request for now. */
  get full(): boolean {
    return this.#writer.full
  }

  cork(): void {
    this.#writer.cork()
  }

  uncork(): void {
    this.#writer.uncork()
  }

  /** The whole request has been handed over: from now on the answer is waited for. */
  requestEnded(): void {
    this.#requestSent = true
    if (this.#phase === 'head') this.#deadline.arm(this.#answerTimeout)
  }

  resume(): void {
    if (this.#phase === 'body') this.#deadline.arm(this.#answerTimeout)
    this.#reader.resume()
  }

  destroy(): void {
    this.#events = undefined
    this.#socket.destroy()
  }

  /** After a 101: octets both ways. */
  tunnel(): TunnelSide {
    this.#phase = 'tunnel'
    this.#events = undefined
    this.#deadline.disarm()
    this.#tunnel = new UpstreamTunnel(this.#socket, {
      reader: this.#reader,
      held: this.#held,
      writing: this.#writing,
      write: (bytes, start, end) => this.writeBytes(bytes, start, end),
    })
    return this.#tunnel
  }

  // Octets in

  /** Called by the reader. */
  take(bytes: Buffer, end: number, lender: Lender | undefined): boolean {
    if (this.#phase === 'head' || this.#phase === 'body') return this.#readAnswer(bytes, end, lender)
    if (this.#tunnel !== undefined) return this.#tunnel.take(bytes, end)
    // Nobody asked for these octets: who knows what they answer.
    this.#phase = 'closed'
    this.#socket.destroy()
    return false
  }

  #readAnswer(bytes: Buffer, end: number, lender: Lender | undefined): boolean {
    if (this.#phase === 'body' || this.#held.length === 0) {
      this.#lender = lender
      const at = this.#take(bytes, 0, end)
      this.#lender = undefined
      if (at < end) this.#held.append(bytes, at, end)
    } else {
      this.#held.append(bytes, 0, end)
      this.#held.drain((held, from, to) => this.#take(held, from, to))
    }
    this.#events?.paused()
    if (this.#phase === 'body') this.#awaitMore()
    return this.#keepReading
  }

  /** Silence of the upstream counts only while its octets are wanted. */
  #awaitMore(): void {
    if (this.#keepReading) this.#deadline.arm(this.#answerTimeout)
    else this.#deadline.disarm()
  }

  /** Takes what belongs to the answer; answers the index of the first octet that has to wait. */
  #take(bytes: Buffer, start: number, end: number): number {
    this.#keepReading = true
    let at = start
    while (this.#phase === 'head' && at < end) {
      const after = this.#scanHead(bytes, at, end)
      if (after === 0) return at
      if (after < 0 || !this.#takeHead(this.#context.scanner.head, after - at)) return this.#failTaking(end)
      at = after
    }
    if (this.#phase === 'body') at = this.#takeBody(bytes, at, end)
    if (this.#phase === 'ended' && at < end) this.#reusable = false
    if (this.#phase === 'ended') this.#finish()
    return this.#phase === 'tunnel' ? at : end
  }

  /** Most heads come whole, and one pass reads them; for others the end is looked for as octets come. 0: more is needed. */
  #scanHead(bytes: Buffer, start: number, end: number): number {
    const { scanner, settings } = this.#context
    if (!this.#headEnd.begun) {
      const after = scanner.scan(bytes, start, end, this.#method)
      if (after > 0 && after - start <= settings.upstreamHead) return after
    }
    const found = this.#headEnd.find(bytes, start + this.#searched, end)
    this.#searched = found === 0 ? end - start : 0
    return found > 0 && scanner.scan(bytes, start, found, this.#method) !== found ? -1 : found
  }

  #failTaking(end: number): number {
    this.#fail('invalid')
    return end
  }

  /** Answers false if this head cannot be an answer to what was asked. */
  #takeHead(head: ResponseHead, size: number): boolean {
    if (head.status === 101) {
      if (!head.websocket) return false
      this.#events?.head(head)
      return true
    }
    if (head.status < 200) return this.#takeInterim(head, size)
    this.#expectBody(head)
    this.#events?.head(head)
    return true
  }

  /** They go to a client that may not read, so all of them together are held to the limit of one head. */
  #takeInterim(head: ResponseHead, size: number): boolean {
    this.#headEnd.reset()
    this.#reusable &&= head.persistent
    this.#interimSize += size
    if (++this.#interims > mostInterim || this.#interimSize > this.#context.settings.upstreamHead) return false
    if (head.status !== 100) this.#events?.interim(head)
    return true
  }

  #expectBody({ persistent, bodyLength, keepAliveTimeout }: ResponseHead): void {
    this.#reusable &&= persistent && bodyLength !== untilClose
    this.#keepAlive = keepAliveOf(keepAliveTimeout)
    this.#body.begin(bodyLength)
    this.#phase = this.#body.complete ? 'ended' : 'body'
  }

  #takeBody(bytes: Buffer, start: number, end: number): number {
    const at = this.#body.take(bytes, start, end)
    if (this.#body.faulty) return this.#failTaking(end)
    if (this.#body.complete) this.#phase = 'ended'
    return at
  }

  /** What was read is handed on whole; if that is too much for now, no more is read. */
  #give(bytes: Buffer, start: number, end: number): void {
    if (start === end || this.#events === undefined || this.#events.data(bytes, start, end, this.#lender)) return
    this.#keepReading = false
  }

  // Ends

  /** The answer is complete. */
  #finish(): void {
    const events = this.#events
    this.#events = undefined
    this.#deadline.disarm()
    this.#keepReading = true
    const { trailers } = this.#body
    // What of the last request still waits for the kernel would stand before the next one.
    if (this.#requestSent && this.#writer.idle) this.#release()
    else this.#socket.destroy()
    events?.end(trailers)
  }

  #release(): void {
    if (!this.#reusable || this.#socket.destroyed || this.#keepAlive === 0) return void this.#socket.destroy()
    this.#phase = 'idle'
    this.idleSince = this.#context.clock.now()
    this.#deadline.arm(this.#keepAlive, this.idleSince)
    this.#onIdle(this)
  }

  /** FIN: the end of a body that runs until the close; too early everywhere else. */
  #ended(): void {
    if (this.#phase === 'tunnel') return this.#tunnel?.ended()
    if (this.#phase === 'body' && this.#body.endsByClose) {
      this.#phase = 'ended'
      this.#reusable = false
      return this.#finish()
    }
    if (this.#phase === 'head' || this.#phase === 'body') return this.#fail('reset')
    this.#socket.destroy()
  }

  /** A tunnel hears of its end when the socket has closed. */
  #fail(fault: UpstreamFault): void {
    if (this.#phase === 'tunnel') return void this.#socket.destroy()
    const events = this.#events
    this.#events = undefined
    this.#phase = 'closed'
    this.#socket.destroy()
    events?.failed(fault, this.#headEnd.begun || this.#interims > 0)
  }

  #closed(): void {
    const connected = this.#phase !== 'connecting'
    const open = this.#phase === 'head' || this.#phase === 'body'
    this.#tunnel?.closed()
    this.#deadline.close()
    this.#writing.close()
    if (open) this.#fail('reset')
    this.#phase = 'closed'
    this.#onClosed(this, connected)
  }

  #expired(): void {
    if (this.#phase === 'head' || this.#phase === 'body') this.#fail('timeout')
    else this.#socket.destroy()
  }

  #noteWrite(more: boolean): boolean {
    if (!more && this.#socket.writable) this.#writing.arm()
    return more
  }
}
