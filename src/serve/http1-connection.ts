import type { Deadline } from '../base/index.ts'
import { HeadEnd } from '../http/index.ts'
import type { RequestFault, RequestHead } from '../http/index.ts'
import type { Client, Lender, TunnelSide } from '../model/index.ts'
import { answerUnread } from './answer-unread.ts'
import { AnswerWriter } from './answer-writer.ts'
import { BlankLine } from './blank-line.ts'
import type { ConnectionContext } from './connection-context.ts'
import { HeldBytes } from './held-bytes.ts'
import { Http1Exchange } from './http1-exchange.ts'
import type { ExchangeCarrier } from './http1-exchange.ts'
import { RequestBody } from './request-body.ts'
import { StallDeadline } from './stall-deadline.ts'
import { TransportTunnel } from './transport-tunnel.ts'
import type { Transport, TransportEvents } from './transport.ts'

/** Octets beyond what an exchange takes now that may wait for it or its successor; then the client is made to wait. */
const mostHeld = 16 * 1024
/** After the last answer has left: how long and how much is still thrown away, so that the client gets the answer. */
const lingerTime = 2_000
const lingerOctets = 1024 * 1024
/** When draining, an idle connection is not closed before it has been idle for this long. */
const drainIdle = 5_000

type Phase = 'idle' | 'head' | 'exchange' | 'lingering' | 'tunnel' | 'closed'

/**
 * A client's HTTP/1.1 connection: one exchange after another, in order (RFC 9112 9.3). After a fault, or after an answer
 * to a request that was not read whole, nothing that follows is read as a request.
 */
export class Http1Connection implements TransportEvents, ExchangeCarrier {
  readonly #context: ConnectionContext
  readonly #client: Client
  /** Of a head that did not come whole. */
  #headEnd: HeadEnd | undefined
  readonly #held = new HeldBytes()
  readonly #blankLine = new BlankLine()
  /** Of the held octets, how many the search for the end of a head has seen. */
  #searched = 0
  readonly #reading: Deadline
  /** Made when the client stalls for the first time: few ever do. */
  #writing: StallDeadline | undefined
  #transport!: Transport
  #phase: Phase = 'idle'
  #exchange: Http1Exchange | undefined
  /** Nobody has heard of the exchange yet. */
  #isNew = false
  /** Of the octets that are being taken. */
  #lender: Lender | undefined
  #tunnel: TransportTunnel | undefined
  #taking = false
  #persistent = true
  #peerEnded = false
  #lingered = 0
  #idleSince: number
  readonly #onClosed: () => void

  constructor(context: ConnectionContext, client: Client, onClosed: () => void) {
    this.#context = context
    this.#client = client
    this.#onClosed = onClosed
    this.#reading = context.deadlines.watch(() => this.#readingExpired())
    this.#idleSince = context.clock.now()
    this.#reading.arm(context.settings.clientHeadTimeout)
  }

  open(transport: Transport): void {
    this.#transport = transport
  }

  /** Answers announce the close from now on; without an exchange the connection ends once it has been idle long enough. */
  drain(): void {
    if (this.#phase === 'idle') this.#armIdle(this.#context.clock.now())
  }

  destroy(): void {
    this.#transport.destroy()
  }

  /** Undefined while it carries an exchange or a tunnel. */
  get waitingSince(): number | undefined {
    return this.#phase === 'exchange' || this.#phase === 'tunnel' ? undefined : this.#idleSince
  }

  // Octets in

  data(bytes: Buffer, start: number, end: number, lender?: Lender): void {
    if (this.#phase === 'tunnel') return this.#tunnel?.data(bytes, start, end)
    if (this.#phase === 'lingering') return this.#linger(end - start)
    if (this.#phase === 'closed') return
    const at = this.#held.length === 0 && !this.#taking ? this.#takeNew(bytes, start, end, lender) : start
    if (at < end) this.#held.append(bytes, at, end)
    if (at === start) this.#takeHeld()
    this.#announce()
    this.#balanceReading()
  }

  #takeNew(bytes: Buffer, start: number, end: number, lender: Lender | undefined): number {
    this.#taking = true
    this.#lender = lender
    const at = this.#take(bytes, start, end)
    this.#lender = undefined
    this.#taking = false
    return at
  }

  /** When all octets that came together are taken or held, so that whoever hears of the exchange finds order. */
  #announce(): void {
    if (!this.#isNew) return
    this.#isNew = false
    if (this.#exchange !== undefined) this.#context.onExchange(this.#exchange)
  }

  /** Takes what can be taken now. Answers the index of the first octet that has to wait. */
  #take(bytes: Buffer, start: number, end: number): number {
    let at = start
    while (at < end) {
      const before = at
      at = this.#exchange === undefined ? this.#takeHead(bytes, at, end) : this.#takeBody(bytes, at, end)
      if (at === before) break
    }
    return at
  }

  /** Does nothing while octets are being taken already: whoever is called back on the way may ask for more. */
  #takeHeld(): void {
    if (this.#taking) return
    this.#taking = true
    this.#held.drain((bytes, start, end) => this.#take(bytes, start, end))
    this.#taking = false
    this.#announce()
  }

  #takeHead(bytes: Buffer, start: number, end: number): number {
    if (this.#phase !== 'idle' && this.#phase !== 'head') return end
    // Who does not take his answers is not given more of them.
    if (this.#transport.full) return start
    if (this.#headEnd === undefined) {
      const skipped = this.#blankLine.skip(bytes, start, end)
      if (skipped >= 0) return skipped
      const after = this.#scanWhole(bytes, start, end)
      if (after > 0) return after
      this.#phase = 'head'
      this.#reading.arm(this.#context.settings.clientHeadTimeout)
    }
    this.#headEnd ??= new HeadEnd(this.#context.settings.requestLimits)
    const found = this.#headEnd.find(bytes, start + this.#searched, end)
    this.#searched = found === 0 ? end - start : 0
    if (found === 0) return start
    if (found < 0) return this.#refuse(this.#headEnd.fault, end)
    this.#headEnd = undefined
    const { scanner } = this.#context
    if (scanner.scan(bytes, start, found) !== found) return this.#refuse(scanner.fault, end)
    this.#begin(scanner.head)
    return found
  }

  /**
   * Most heads come whole and are good: one pass reads them. Everything else is for the search of the end, so that the
   * answer does not depend on how the octets were cut. Answers where the head ends, or 0.
   */
  #scanWhole(bytes: Buffer, start: number, end: number): number {
    const { scanner, settings } = this.#context
    const after = scanner.scan(bytes, start, end)
    if (after < 0 || after - start > settings.requestLimits.requestLine) return 0
    this.#begin(scanner.head)
    return after
  }

  #takeBody(bytes: Buffer, start: number, end: number): number {
    const exchange = this.#exchange
    if (exchange === undefined) return start
    const at = exchange.body.take(bytes, start, end, this.#lender)
    if (exchange.body.faulty) this.#bodyFailed(exchange)
    else this.#armBody()
    return at
  }

  #begin(request: RequestHead): void {
    const { clock, newRequestId, proxies } = this.#context
    this.#phase = 'exchange'
    this.#blankLine.reset()
    this.#reading.disarm()
    this.#persistent = request.persistent
    const parts = {
      body: new RequestBody(request.bodyLength),
      writer: new AnswerWriter(this.#transport, request),
      carrier: this,
    }
    const requestId = request.requestId ?? newRequestId()
    const asked = { client: proxies.clientOf(this.#client, request), request, requestId, started: clock.now() }
    this.#exchange = new Http1Exchange(asked, parts)
    this.#isNew = true
  }

  /** Pipelined octets wait; beyond a bound the client does, and at once where nobody takes its body, or it takes no answer. */
  #balanceReading(): void {
    if (this.#phase !== 'exchange' && this.#phase !== 'head' && this.#phase !== 'idle') return
    if (this.#mustWait()) this.#transport.pause()
    else this.#transport.resume()
  }

  #mustWait(): boolean {
    const body = this.#exchange?.body
    if (body === undefined) return this.#transport.full
    if (body.complete || !body.poured) return this.#held.length > mostHeld
    return !body.flowing
  }

  // What an exchange asks for

  bodyWanted(): void {
    queueMicrotask(() => {
      if (this.#phase !== 'exchange') return
      this.#takeHeld()
      if (this.#isBodyCut()) return this.#gone()
      this.#armBody()
      this.#balanceReading()
    })
  }

  get date(): string {
    return this.#context.httpDate()
  }

  /** RFC 9112 9.6. No request follows one that is not read whole, nor the last of a client that has ended (9.3.2). */
  closesAfter(framed: boolean): boolean {
    this.#persistent &&= framed && !this.#context.draining && this.#isBodyAtHand()
    this.#persistent &&= !this.#peerEnded || this.#held.length > 0
    return !this.#persistent
  }

  #isBodyAtHand(): boolean {
    if (this.#exchange === undefined || this.#exchange.body.complete) return true
    this.#takeHeld()
    return this.#exchange.body.complete
  }

  finished(): void {
    const whole = this.#exchange?.body.complete === true
    this.#exchange = undefined
    this.#writing?.disarm()
    if (this.#transport.full) this.stalled()
    if (!this.#persistent || !whole) return this.#end()
    this.#phase = 'idle'
    this.#idleSince = this.#context.clock.now()
    this.#armIdle(this.#idleSince)
    if (this.#held.length > 0 || this.#peerEnded) this.#transport.afterWrites(() => this.#goOn())
    else this.#transport.resume()
  }

  /** With what came before the client had its answer: in a later turn, since others have a right to the worker too. */
  #goOn(): void {
    this.#takeHeld()
    if (this.#peerEnded && this.#phase !== 'tunnel') this.ended()
    else this.#balanceReading()
  }

  cut(): void {
    this.#phase = 'closed'
    this.#transport.reset()
  }

  /** The client has to take what is waiting for it before long. */
  stalled(): void {
    if (this.#phase === 'closed') return
    const { deadlines, settings } = this.#context
    const transport = this.#transport
    this.#writing ??= new StallDeadline(
      deadlines,
      settings.stallTimeout,
      () => transport.unsent,
      () => transport.destroy(),
    )
    this.#writing.arm()
  }

  switchToTunnel(): TunnelSide {
    this.#phase = 'tunnel'
    this.#exchange = undefined
    this.#reading.disarm()
    this.#writing?.disarm()
    this.#tunnel = new TransportTunnel(this.#transport, {
      drainHeld: (give) => this.#held.drain(give),
      stalled: () => this.stalled(),
      flushed: () => this.#writing?.disarm(),
    })
    if (this.#peerEnded) this.#tunnel.ended()
    return this.#tunnel
  }

  // Ends

  /** FIN after an answer; the client may still be sending, and a reset would take the answer from it. */
  #end(): void {
    this.#phase = 'lingering'
    this.#reading.disarm()
    this.stalled()
    this.#transport.end(() => {
      this.#writing?.disarm()
      this.#reading.arm(lingerTime)
    })
    this.#transport.resume()
  }

  #linger(octets: number): void {
    this.#lingered += octets
    if (this.#lingered > lingerOctets) this.#transport.pause()
  }

  /** A head that cannot be read: answer, log, and read nothing more. */
  #refuse(fault: RequestFault | 'ClientTimeout', end: number): number {
    answerUnread(this.#transport, fault, this.#context)
    this.#end()
    return end
  }

  #bodyFailed(exchange: Http1Exchange): void {
    this.#persistent = false
    exchange.cancel('BadRequest')
    if (!exchange.answered) this.cut()
  }

  ended(): void {
    this.#peerEnded = true
    if (this.#phase === 'tunnel') return this.#tunnel?.ended()
    if (this.#isBodyCut()) return this.#gone()
    if (this.#phase === 'head' || (this.#phase === 'idle' && this.#held.length === 0)) this.#end()
  }

  #isBodyCut(): boolean {
    return this.#peerEnded && this.#held.length === 0 && this.#exchange?.body.complete === false
  }

  #gone(): void {
    const exchange = this.#exchange
    this.#exchange = undefined
    exchange?.cancel('ClientGone')
    this.cut()
  }

  drained(): void {
    // A stream that is ending may say so too early.
    if (this.#phase !== 'lingering') this.#writing?.disarm()
    if (this.#phase === 'tunnel') this.#tunnel?.drained()
    else if (this.#phase === 'idle') this.#goOn()
    else this.#exchange?.drained()
  }

  closed(): void {
    this.#phase = 'closed'
    this.#reading.close()
    this.#writing?.close()
    this.#tunnel?.closed()
    const exchange = this.#exchange
    this.#exchange = undefined
    exchange?.cancel('ClientGone')
    this.#onClosed()
  }

  // Deadlines

  #armIdle(now: number): void {
    const { settings, draining } = this.#context
    const left = this.#idleSince + drainIdle - now
    const wait = draining ? Math.max(0, Math.min(left, settings.keepAliveTimeout)) : settings.keepAliveTimeout
    this.#reading.arm(wait, now)
  }

  /** Silence counts only while octets are wanted. */
  #armBody(): void {
    const body = this.#exchange?.body
    // The exchange has ended meanwhile: how long the next may take to come is being counted.
    if (body === undefined) return
    if (body.complete || !body.flowing) this.#reading.disarm()
    else this.#reading.arm(this.#context.settings.clientBodyTimeout)
  }

  #readingExpired(): void {
    switch (this.#phase) {
      case 'idle':
        return this.#end()
      case 'head':
        return void this.#refuse('ClientTimeout', 0)
      case 'exchange':
        return this.#bodyTimedOut()
      case 'lingering':
      case 'tunnel':
      case 'closed':
        return this.#transport.destroy()
    }
  }

  #bodyTimedOut(): void {
    const exchange = this.#exchange
    this.#persistent = false
    exchange?.cancel('ClientTimeout')
    if (exchange?.answered !== true) this.cut()
  }
}
