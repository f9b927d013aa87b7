import type { ResponseHead } from '../http/index.ts'
import type { Answer, Route } from '../model/index.ts'
import type { Asked, Middleware, Phases } from './define-middleware.ts'

/** The phases fit the configuration, because `use` of the same middleware made it. */
interface Link {
  readonly phases: Phases<unknown>
  readonly config: unknown
}

/** Runs the middleware of routes. The links of a route are looked up once, not at each request. */
export class Chains {
  readonly #registry: ReadonlyMap<string, Middleware<never>>
  readonly #links = new WeakMap<Route, readonly Link[]>()

  constructor(registry: readonly Middleware<never>[]) {
    this.#registry = new Map(registry.map((middleware) => [middleware.name, middleware]))
  }

  /**
   * What is answered instead of asking the upstream: a route that is refused, a body that is announced too large, or
   * the first answer of the middleware. The order is that of ingress-nginx.
   */
  answer(route: Route, asked: Asked): Answer | undefined {
    if (route.refusal !== undefined) return { reason: route.refusal }
    if (asked.request.bodyLength > (route.policy.bodyLimit ?? Infinity)) return { reason: 'BodyTooLarge' }
    return this.onRequest(route, asked)
  }

  /** The first answer ends the exchange. */
  onRequest(route: Route, asked: Asked): Answer | undefined {
    if (route.middleware.length === 0) return undefined
    for (const { phases, config } of this.#linksOf(route)) {
      const answer = phases.onRequest?.(asked, config)
      if (answer !== undefined) return answer
    }
    return undefined
  }

  onResponse(route: Route, asked: Asked, head: ResponseHead): ResponseHead {
    if (route.middleware.length === 0) return head
    return this.#linksOf(route).reduce(
      (last, { phases, config }) => phases.onResponse?.(asked, last, config) ?? last,
      head,
    )
  }

  #linksOf(route: Route): readonly Link[] {
    const known = this.#links.get(route)
    if (known !== undefined) return known
    const links = route.middleware.map(({ name, config }) => ({ phases: this.#phasesOf(name), config }))
    this.#links.set(route, links)
    return links
  }

  /** A name that is not in the registry would be a guard that is silently left out. */
  #phasesOf(name: string): Phases<unknown> {
    const middleware = this.#registry.get(name)
    if (middleware === undefined) throw new RangeError(`middleware ${name}: not in the registry`)
    return middleware.phases
  }
}
