import { Deadlines } from '../../src/base/index.ts'
import type { Deadline } from '../../src/base/index.ts'
import type { RequestHead, ResponseHead } from '../../src/http/index.ts'
import type { BodySink, Client, Exchange, ExchangeHandler } from '../../src/model/index.ts'
import type { AskedRequest, ExchangeCarrier, ExchangeClient, SeenAnswer } from '../contracts/exchange-carrier.ts'
import { FakeClock } from './fake-clock.ts'
import { plainClient, requestHead } from './request-head.ts'

/** Octets of an answer that a client holds untaken at most. */
const windowSize = 64 * 1024
const bodyTimeout = 60_000
const turns = 200
/** Trailers that go on: what the protocols filter, put plainly. */
const mayTrail = /^(?!authorization:|x-real-ip:)/i

/**
 * Exchanges in memory, many at a time, as streams of a multiplexed protocol carry them: each has a window of its own, and
 * none can become a tunnel. It holds nothing of HTTP/1.1.
 */
export class FakeExchanges implements ExchangeCarrier {
  readonly clock: FakeClock = new FakeClock()
  readonly #deadlines = new Deadlines(this.clock, 500)
  #ids = 0

  /** Opens an exchange; the request is at hand at once. */
  open(asked: AskedRequest, client: Client = plainClient): FakeExchange {
    const id = asked.requestId ?? (++this.#ids).toString(16).padStart(32, '0')
    return new FakeExchange(headOf(asked), { client, id, clock: this.clock, deadlines: this.#deadlines })
  }

  ask(asked: AskedRequest): Promise<{ exchange: FakeExchange; client: FakeExchange['peer'] }> {
    const exchange = this.open(asked)
    return Promise.resolve({ exchange, client: exchange.peer })
  }

  /** Nothing takes more than two turns to arrive. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate)
  }

  async pass(ms: number): Promise<void> {
    await this.settle()
    this.clock.advance(ms)
    await this.settle()
  }

  close(): void {
    this.#ids = 0
  }
}

function headOf({
  method = 'GET',
  length,
  expectContinue = false,
  acceptsTrailers = false,
}: AskedRequest): RequestHead {
  return requestHead('a.test', '/contract', { method, bodyLength: length ?? 0, expectContinue, acceptsTrailers })
}

interface Surroundings {
  readonly client: Client
  readonly id: string
  readonly clock: FakeClock
  readonly deadlines: Deadlines
}

export class FakeExchange implements Exchange {
  readonly client: Client
  readonly request: RequestHead
  readonly requestId: string
  readonly started: number
  readonly tunnel: undefined
  /** The other end. */
  readonly peer: FakeClient
  bytesSent = 0
  #handler: ExchangeHandler | undefined
  #sink: BodySink | undefined
  #silence: Deadline
  #arrived: string[] = []
  #trailers: string | undefined
  #paused = false
  #left = Infinity
  #headWritten = false
  #over = false
  #blocked = false

  constructor(request: RequestHead, { client, id, clock, deadlines }: Surroundings) {
    this.client = client
    this.request = request
    this.requestId = id
    this.started = clock.now()
    this.#silence = deadlines.watch(() => this.cancel('ClientTimeout'))
    this.peer = new FakeClient(this)
    if (request.bodyLength === 0) this.#trailers = ''
  }

  attach(handler: ExchangeHandler): void {
    this.#handler = handler
  }

  readBody(sink: BodySink): void {
    if (this.request.expectContinue) this.peer.seeInterim(100)
    this.#sink = sink
    this.#silence.arm(bodyTimeout)
    setImmediate(() => this.#pour())
  }

  resumeBody(): void {
    this.#paused = false
    setImmediate(() => this.#pour())
  }

  writeInterim(head: ResponseHead): void {
    if (!this.#over && !this.#headWritten) this.peer.seeInterim(head.status)
  }

  writeHead(head: ResponseHead): void {
    if (this.#over) return
    this.#headWritten = true
    this.#left = head.bodyLength < 0 ? Infinity : head.bodyLength
    this.peer.seeHead(head)
  }

  writeBody(bytes: Buffer, start: number, end: number): boolean {
    if (this.#over) return true
    this.#left -= end - start
    if (this.#left < 0) this.abort()
    if (this.#over) return true
    this.bytesSent += end - start
    this.#blocked = this.peer.hold(bytes.toString('latin1', start, end)) >= windowSize
    return !this.#blocked
  }

  flush(): void {
    // What is written is seen at once.
  }

  endBody(trailers: string): void {
    if (this.#over) return
    if (this.#left !== 0 && this.#left !== Infinity) return this.abort()
    this.#finish()
    this.peer.seeEnd(this.request.acceptsTrailers ? trailers : '')
  }

  abort(): void {
    if (this.#over) return
    this.#finish()
    this.peer.seeCut()
  }

  // What the client does

  arrive(text: string): void {
    this.#arrived.push(text)
    if (this.#sink !== undefined) this.#silence.arm(bodyTimeout)
    setImmediate(() => this.#pour())
  }

  arriveEnd(trailers: string): void {
    this.#trailers = trailers
    setImmediate(() => this.#pour())
  }

  /** The client has room again. */
  taken(): void {
    if (!this.#blocked || this.#over) return
    this.#blocked = false
    this.#handler?.drained()
  }

  cancel(fault: Parameters<ExchangeHandler['cancelled']>[0]): void {
    if (this.#over) return
    const handler = this.#handler
    this.#handler = undefined
    if (fault === 'ClientGone' || this.#headWritten) this.#finish()
    handler?.cancelled(fault)
    this.abort()
  }

  #finish(): void {
    this.#over = true
    this.#silence.close()
  }

  #pour(): void {
    const sink = this.#sink
    if (sink === undefined) return
    while (!this.#paused && !this.#over && this.#arrived.length > 0) {
      const bytes = Buffer.from(this.#arrived.shift() ?? '', 'latin1')
      this.#paused = !sink.data(bytes, 0, bytes.length)
    }
    if (this.#arrived.length > 0 || this.#over || this.#trailers === undefined) return
    this.#sink = undefined
    this.#silence.disarm()
    const lines = this.#trailers.split('\r\n').filter((line) => line !== '' && mayTrail.test(line))
    sink.end(lines.map((line) => `${line}\r\n`).join(''))
  }
}

/** The client of a fake exchange: takes what comes in the next turn, unless it is paused. */
export class FakeClient implements ExchangeClient {
  readonly #exchange: FakeExchange
  readonly #seen = { interims: [] as number[], status: 0, lines: '', body: '', trailers: '' }
  #state: SeenAnswer['state'] = 'open'
  #untaken = ''
  #end: string | undefined
  #paused = false

  constructor(exchange: FakeExchange) {
    this.#exchange = exchange
  }

  get answer(): SeenAnswer {
    return { ...this.#seen, state: this.#state }
  }

  sendBody(text: string): void {
    this.#exchange.arrive(text)
  }

  endBody(trailers = ''): void {
    this.#exchange.arriveEnd(trailers)
  }

  breakBody(): void {
    setImmediate(() => setImmediate(() => this.#exchange.cancel('BadRequest')))
  }

  leave(): void {
    this.#exchange.cancel('ClientGone')
  }

  pause(): void {
    this.#paused = true
  }

  resume(): void {
    this.#paused = false
    setImmediate(() => this.#take())
  }

  async until(holds: (seen: SeenAnswer) => boolean): Promise<SeenAnswer> {
    for (let turn = 0; turn < turns; turn++) {
      if (holds(this.answer)) return this.answer
      await new Promise(setImmediate)
    }
    throw new Error(`not seen; but: ${JSON.stringify(this.answer).slice(0, 1_000)}`)
  }

  // What the exchange shows it

  seeInterim(status: number): void {
    this.#seen.interims.push(status)
  }

  seeHead({ status, lines }: ResponseHead): void {
    this.#seen.status = status
    this.#seen.lines = lines
  }

  /** Answers how many octets it has not taken. */
  hold(text: string): number {
    this.#untaken += text
    setImmediate(() => this.#take())
    return this.#untaken.length
  }

  seeEnd(trailers: string): void {
    this.#end = trailers
    setImmediate(() => this.#take())
  }

  seeCut(): void {
    this.#state = 'cut'
  }

  #take(): void {
    if (this.#paused || this.#state !== 'open') return
    this.#seen.body += this.#untaken
    this.#untaken = ''
    this.#exchange.taken()
    if (this.#end === undefined || this.#untaken !== '') return
    this.#seen.trailers = this.#end
    this.#state = 'complete'
  }
}
