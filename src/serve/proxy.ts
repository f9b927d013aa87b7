import type { ResponseHead } from '../http/index.ts'
import type { Asked } from '../middleware/index.ts'
import { answerReasons } from '../model/index.ts'
import type { Answer, Backend, Exchange, Route } from '../model/index.ts'
import { endpointKey } from './endpoint-counts.ts'
import { LiveExchanges } from './live-exchanges.ts'
import { answerExchange } from './own-answer.ts'
import { ProxiedExchange } from './proxied-exchange.ts'
import type { Ending } from './proxied-exchange.ts'
import type { ProxyContext, Serving } from './proxy-context.ts'
import { policyOf } from './tls-policy.ts'

/** Decides about each request, and answers it or has it proxied. */
export class Proxy {
  readonly #context: ProxyContext
  readonly #live = new LiveExchanges()

  constructor(context: ProxyContext) {
    this.#context = context
  }

  /** Exchanges and tunnels that are under way at an upstream. */
  get live(): number {
    return this.#live.size
  }

  /** Cuts everything that is under way. */
  destroy(): void {
    this.#live.destroy()
  }

  /** The order of the checks is that of ingress-nginx: refused routes, the size of the body, redirects, endpoints. */
  handle(exchange: Exchange): void {
    const serving = this.#context.serving()
    if (isMisdirected(exchange, serving)) return this.#answer(exchange, undefined, { reason: 'Misdirected' })
    const { route, answer } = serving.router.decide(exchange.request)
    if (route === undefined) return this.#answer(exchange, undefined, answer)
    const refusal = this.#context.chains.answer(route, this.#askedOf(exchange))
    if (refusal !== undefined) return this.#answer(exchange, route, refusal)
    const backend = chooseBackend(route, serving)
    if (backend === undefined) return this.#answer(exchange, route, { reason: 'NoEndpoints' })
    this.#proxy(exchange, route, backend)
  }

  #proxy(exchange: Exchange, route: Route, backend: Backend): void {
    this.#context.counts.dropped('client', exchange.request.dropped)
    const change = this.#changeOf(exchange, route)
    const proxied = new ProxiedExchange(this.#context, { exchange, route, backend, change }, this.#ended)
    this.#live.add(proxied)
    proxied.start()
  }

  readonly #ended = (proxied: ProxiedExchange, ending: Ending): void => {
    this.#live.remove(proxied)
    this.#note(proxied.asked.exchange, ending, proxied.asked.backend)
  }

  #answer(exchange: Exchange, route: Route | undefined, answer: Answer): void {
    const server = route?.policy.server === 'remove' ? undefined : 'lintel'
    exchange.attach(unconcerned)
    answerExchange(exchange, answer, server, route === undefined ? undefined : this.#changeOf(exchange, route))
    this.#note(exchange, { status: answerReasons[answer.reason], reason: answer.reason })
  }

  #changeOf(exchange: Exchange, route: Route): ((head: ResponseHead) => ResponseHead) | undefined {
    if (route.middleware.length === 0) return undefined
    return (head) => this.#context.chains.onResponse(route, this.#askedOf(exchange), head)
  }

  #askedOf({ request, client }: Exchange): Asked {
    return { request, client, publicHttpsPort: this.#context.settings.publicHttpsPort }
  }

  /** Counts and logs what has ended. */
  #note(exchange: Exchange, { status, reason, endpoint }: Ending, backend?: Backend): void {
    const { clock, counts, log } = this.#context
    counts.request(status, reason)
    if (log === undefined) return
    const { request, requestId, started, bytesSent } = exchange
    log({
      status,
      ...(reason !== undefined && { reason }),
      method: request.method,
      host: request.authority?.text ?? '',
      path: request.target,
      ...(backend !== undefined && { service: backend.key }),
      ...(endpoint !== undefined && { endpoint: endpointKey(endpoint) }),
      bytes: bytesSent,
      ms: clock.now() - started,
      requestId,
    })
  }
}

/** For answers of our own, which are complete at once. */
const unconcerned = { drained: () => undefined, cancelled: () => undefined }

/** A request is served only under the TLS policy of its own host (RFC 9110 7.4). */
function isMisdirected({ client, request }: Exchange, { router }: Serving): boolean {
  return client.policy !== undefined && policyOf(router.table, request.authority?.name ?? '') !== client.policy
}

/** A backend with endpoints, by weight. */
function chooseBackend({ targets }: Route, { backends }: Serving): Backend | undefined {
  const [only] = targets
  if (only !== undefined && only.weight > 0 && targets.length === 1) return withEndpoints(backends.get(only.backend))
  const found = targets.flatMap(({ backend, weight }) => {
    const known = withEndpoints(backends.get(backend))
    return known !== undefined && weight > 0 ? [{ known, weight }] : []
  })
  if (found.length < 2) return found[0]?.known
  let point = Math.random() * found.reduce((sum, { weight }) => sum + weight, 0)
  return found.find(({ weight }) => (point -= weight) < 0)?.known
}

function withEndpoints(backend: Backend | undefined): Backend | undefined {
  return backend === undefined || backend.endpoints.length === 0 ? undefined : backend
}
