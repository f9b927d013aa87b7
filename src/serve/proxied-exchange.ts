import type { RequestHead, ResponseHead } from '../http/index.ts'
import type { AnswerReason, Backend, Endpoint, Exchange, ExchangeHandler, Lender, Route } from '../model/index.ts'
import { answerReasons } from '../model/index.ts'
import type { Candidates } from './balance/index.ts'
import type { LiveExchange } from './live-exchanges.ts'
import { answerExchange } from './own-answer.ts'
import type { ProxyContext } from './proxy-context.ts'
import { RequestRelay } from './request-relay.ts'
import { joinTunnel } from './tunnel.ts'
import type { Tunnel } from './tunnel.ts'
import type { UpstreamConnection } from './upstream-connection.ts'
import type { UpstreamEvents, UpstreamFault } from './upstream-events.ts'
import type { Connecting } from './upstream-pools.ts'

/** RFC 9110 9.2.2. */
const idempotent: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'])
/** Other requests take a connection only if it was in use so short a time ago that the peer cannot have closed it. */
const youngIdle = 1_000

const reasonOf: Readonly<Record<UpstreamFault, AnswerReason>> = {
  reset: 'UpstreamResetBeforeHead',
  invalid: 'UpstreamInvalid',
  timeout: 'UpstreamTimeout',
}

/** How an exchange ended, for the log. */
export interface Ending {
  readonly status: number
  readonly reason?: AnswerReason
  readonly endpoint?: Endpoint
}

/** What a proxied exchange is about. */
export interface ProxiedRequest {
  readonly exchange: Exchange
  readonly route: Route
  readonly backend: Backend
  /** What the route's middleware does to an answer head; undefined if it has none. */
  readonly change: ((head: ResponseHead) => ResponseHead) | undefined
}

/**
 * Carries one request to an endpoint and the answer back. It moves on to the next endpoint as long as nothing was
 * accepted; after that it tries again once, only what may be repeated, and never when octets of an answer have come.
 */
export class ProxiedExchange implements ExchangeHandler, UpstreamEvents, LiveExchange {
  place = -1
  readonly #context: ProxyContext
  readonly asked: ProxiedRequest
  readonly #ended: (proxied: ProxiedExchange, ending: Ending) => void
  /** Undefined if there is no body. */
  readonly #relay: RequestRelay | undefined
  readonly #idempotent: boolean
  #candidates: Candidates
  #connection: UpstreamConnection | undefined
  #connecting: Connecting | undefined
  #endpoint: Endpoint | undefined
  #retried = false
  /** Of the answer whose head has left; 0 before. */
  #status = 0
  #over = false
  #tunnel: Tunnel | undefined

  constructor(context: ProxyContext, asked: ProxiedRequest, ended: (proxied: ProxiedExchange, ending: Ending) => void) {
    this.#context = context
    this.asked = asked
    this.#ended = ended
    this.#idempotent = isIdempotent(asked.exchange.request)
    this.#candidates = context.balancer.candidates(asked.backend)
    this.#relay = asked.exchange.request.bodyLength === 0 ? undefined : this.#createRelay(asked)
  }

  #createRelay({ exchange, route }: ProxiedRequest): RequestRelay {
    const limit = route.policy.bodyLimit ?? Infinity
    const tooLarge = (): void => this.#giveUp('BodyTooLarge')
    return new RequestRelay(exchange, { repeatable: this.#idempotent, limit, tooLarge })
  }

  start(): void {
    this.#context.budget.begin()
    this.asked.exchange.attach(this)
    this.#tryNext(this.#idempotent ? Infinity : youngIdle)
  }

  /** Cuts it short, whatever is under way. */
  destroy(): void {
    this.#tunnel?.destroy()
    this.asked.exchange.abort()
    this.#finish({ status: this.#status, reason: 'UpstreamAborted' })
  }

  // To the upstream

  #tryNext(longestIdle: number): void {
    const next = this.#candidates.next()
    if (next === undefined) return this.#giveUp('UpstreamConnectFailed')
    const { pools, settings } = this.#context
    this.#endpoint = next
    const pooled = pools.take(next, longestIdle)
    if (pooled !== undefined) return this.#send(pooled)
    const timeout = this.asked.route.policy.connectTimeout ?? settings.connectTimeout
    const limits = { timeout, longestIdle }
    this.#connecting = pools.connect(next, limits, {
      ready: (connection) => this.#send(connection),
      failed: () => this.#over || this.#tryNext(longestIdle),
    })
  }

  #send(connection: UpstreamConnection): void {
    if (this.#over) return connection.destroy()
    const { exchange, route } = this.asked
    const { request, client, requestId } = exchange
    const { settings, heads } = this.#context
    this.#connecting = undefined
    this.#connection = connection
    const head = heads.print(request, client, requestId)
    if (this.#relay !== undefined) corkForThisTurn(connection)
    connection.begin(request, head, {
      timeout: route.policy.upstreamTimeout ?? settings.upstreamTimeout,
      events: this,
    })
    if (this.#relay === undefined) connection.requestEnded()
    else this.#relay.sendOn(connection)
  }

  // From the upstream

  interim(head: ResponseHead): void {
    this.asked.exchange.writeInterim(head)
  }

  head(head: ResponseHead): void {
    if (head.status === 101) return this.#switch(head)
    const { exchange, change } = this.asked
    this.#begin(head.status)
    this.#context.counts.dropped('upstream', head.dropped)
    const server = this.#serverOf(head)
    const ours = server === head.server ? head : { ...head, server }
    exchange.writeHead(change === undefined ? ours : change(ours))
  }

  data(bytes: Buffer, start: number, end: number, lender?: Lender): boolean {
    return this.asked.exchange.writeBody(bytes, start, end, lender)
  }

  paused(): void {
    this.asked.exchange.flush()
  }

  end(trailers: string): void {
    this.#connection = undefined
    this.#relay?.stop()
    this.asked.exchange.endBody(trailers)
    this.#finish({ status: this.#status })
  }

  failed(fault: UpstreamFault, begun: boolean): void {
    this.#connection = undefined
    if (this.#over) return
    if (this.#status !== 0) return this.destroy()
    if (fault === 'reset' && !begun && this.#mayRetry()) return this.#retry()
    this.#giveUp(reasonOf[fault])
  }

  /** The answer begins: from here on nothing is tried again. */
  #begin(status: number): void {
    this.#status = status
    this.#context.budget.end(this.#retried)
  }

  #serverOf(head: ResponseHead): string | undefined {
    return this.asked.route.policy.server === 'remove' ? undefined : (head.server ?? 'lintel')
  }

  #mayRetry(): boolean {
    if (this.#retried || !this.#idempotent || this.#relay?.repeatable === false) return false
    this.#retried = this.#context.budget.take()
    return this.#retried
  }

  /** Once more, on a connection that nobody has used. */
  #retry(): void {
    this.#candidates = this.#context.balancer.candidates(this.asked.backend)
    this.#tryNext(0)
  }

  /** Only a request that asked for it is switched, and both sides at once. */
  #switch(head: ResponseHead): void {
    const { exchange, route } = this.asked
    const connection = this.#connection
    if (!exchange.request.websocket || exchange.tunnel === undefined || connection === undefined)
      return this.#giveUp('UpstreamInvalid')
    this.#begin(101)
    exchange.writeInterim(head)
    const sides = [exchange.tunnel(), connection.tunnel()] as const
    this.#connection = undefined
    this.#tunnel = joinTunnel(sides, this.#context.deadlines, route.policy.tunnelIdle, () =>
      this.#finish({ status: 101 }),
    )
  }

  // From the client

  drained(): void {
    this.#connection?.resume()
  }

  /** The upstream takes octets of the request again. */
  requestDrained(): void {
    this.#relay?.drained()
  }

  cancelled(fault: 'ClientGone' | 'BadRequest' | 'ClientTimeout'): void {
    if (fault === 'ClientGone') this.#finish({ status: this.#status || answerReasons.ClientGone, reason: fault })
    else this.#giveUp(fault)
  }

  // Ends

  /** Answers ourselves, or cuts an answer that has begun. */
  #giveUp(reason: AnswerReason): void {
    if (this.#over) return
    if (this.#status !== 0) return this.destroy()
    const { exchange, route, change } = this.asked
    this.#finish({ status: answerReasons[reason], reason }, () =>
      answerExchange(exchange, { reason }, route.policy.server === 'remove' ? undefined : 'lintel', change),
    )
  }

  #finish(ending: Ending, answer?: () => void): void {
    if (this.#over) return
    this.#over = true
    this.#relay?.stop()
    this.#connecting?.destroy()
    this.#connection?.destroy()
    this.#connecting = this.#connection = undefined
    if (this.#status === 0) this.#context.budget.end(this.#retried)
    answer?.()
    this.#ended(this, this.#endpoint === undefined ? ending : { ...ending, endpoint: this.#endpoint })
  }
}

/** Whether it may be delivered twice. A switch of protocol may not: who took the first may speak already. */
function isIdempotent({ method, websocket }: RequestHead): boolean {
  return idempotent.has(method) && !websocket
}

/** The head and the first octets of the body leave in one write. */
function corkForThisTurn(connection: UpstreamConnection): void {
  connection.cork()
  process.nextTick(() => connection.uncork())
}
