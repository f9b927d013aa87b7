import type { Backend, BackendKey, Endpoint } from '../model/index.ts'
import { ConnectQueue } from './connect-queue.ts'
import type { Waiting } from './descriptor-budget.ts'
import { EndpointCounts, endpointKey } from './endpoint-counts.ts'
import { UpstreamConnection } from './upstream-connection.ts'
import type { UpstreamContext } from './upstream-context.ts'

/** To one endpoint. With fewer, a thousand clients at once would have connections opened and closed all the time. */
const mostIdle = 1024

/** One that was used so short a time ago is about to be used again; under load that is all but a few of those that are needed. */
const inUse = 1_000

/** The connections to one endpoint that wait for work, the one used last at the end. */
interface Pool {
  readonly idle: UpstreamConnection[]
  /** Whether the endpoint is still one. */
  isWanted: boolean
}

/** What is to happen to a new connection; one of them is called once, unless it is given up before. */
interface ConnectOutcome {
  readonly ready: (connection: UpstreamConnection) => void
  readonly failed: () => void
}

/** In milliseconds: how long connecting may take, and how long a connection that may be had instead has been idle at most. */
interface ConnectLimits {
  readonly timeout: number
  readonly longestIdle: number
}

/** A connection that is asked for, whether or not it has been begun. */
export interface Connecting {
  destroy(): void
}

/** Connections to endpoints, last in first out. They outlive route tables. */
export class UpstreamPools {
  readonly #context: UpstreamContext
  readonly #pools = new Map<string, Pool>()
  /** Endpoints keep their identity as long as their backend does not change: most of the time no key has to be made. */
  readonly #known = new WeakMap<Endpoint, Pool>()
  readonly #open = new Set<UpstreamConnection>()
  readonly #endpoints = new EndpointCounts()
  readonly #queue: ConnectQueue

  constructor(context: UpstreamContext) {
    this.#context = context
    this.#queue = new ConnectQueue(context.clock)
    context.descriptors.join('upstream', this)
  }

  /** The connection that was used last, if it has been idle for less than `longestIdle` ms. */
  take(endpoint: Endpoint, longestIdle: number): UpstreamConnection | undefined {
    const { idle } = this.#poolOf(endpoint)
    for (let last = idle.pop(); last !== undefined; last = idle.pop()) {
      if (last.isFresh(longestIdle)) return last
      // What is not fresh enough for this request may be for another; what is older than it is not.
      if (last.isFresh(Infinity)) return void idle.push(last)
      last.destroy()
    }
    return undefined
  }

  /**
   * A new connection, begun when it is its turn, or one that has become idle by then: `timeout` counts from the turn,
   * since nobody is asked before.
   */
  connect(endpoint: Endpoint, { timeout, longestIdle }: ConnectLimits, outcome: ConnectOutcome): Connecting {
    let connection: UpstreamConnection | undefined
    const leave = this.#queue.enter(this.#poolOf(endpoint), () => {
      const idle = this.take(endpoint, longestIdle)
      if (idle !== undefined) return outcome.ready(idle)
      connection = this.#begin(endpoint, timeout, outcome)
    })
    return { destroy: () => (connection === undefined ? leave() : connection.destroy()) }
  }

  #begin(endpoint: Endpoint, timeout: number, outcome: ConnectOutcome): UpstreamConnection {
    this.#context.descriptors.makeRoom()
    const pool = this.#poolOf(endpoint)
    const connection = new UpstreamConnection(endpoint, this.#context, timeout, {
      connected: outcome.ready,
      closed: (closed, connected) => {
        this.#forget(closed, pool)
        if (!connected) outcome.failed()
      },
      idle: (idle) => keep(idle, pool),
    })
    this.#open.add(connection)
    return connection
  }

  /** Idle connections to endpoints that no backend has any more are closed; busy ones finish, and are closed then. */
  use(backends: ReadonlyMap<BackendKey, Backend>): void {
    for (const gone of this.#endpoints.use(backends)) {
      const pool = this.#pools.get(gone)
      if (pool === undefined) continue
      this.#pools.delete(gone)
      pool.isWanted = false
      for (const connection of pool.idle.splice(0)) connection.destroy()
    }
  }

  get open(): number {
    return this.#open.size
  }

  /** Without those that are in use but for a moment: a flood of clients that say nothing does not make each request connect. */
  *waiting(): Iterable<Waiting> {
    const since = this.#context.clock.now() - inUse
    for (const { idle } of this.#pools.values())
      for (const connection of idle) {
        if (connection.idleSince > since) break
        yield { waitingSince: connection.idleSince, destroy: () => connection.destroy() }
      }
  }

  destroy(): void {
    this.#queue.clear()
    for (const connection of this.#open) connection.destroy()
  }

  /** A pool that was given up is not taken up again: an endpoint that comes back gets a new one. One that is gone has none that lasts. */
  #poolOf(endpoint: Endpoint): Pool {
    const known = this.#known.get(endpoint)
    if (known?.isWanted === true) return known
    const key = endpointKey(endpoint)
    const pool = this.#pools.get(key) ?? { idle: [], isWanted: this.#endpoints.has(key) }
    if (pool.isWanted) this.#pools.set(key, pool)
    this.#known.set(endpoint, pool)
    return pool
  }

  #forget(connection: UpstreamConnection, { idle }: Pool): void {
    this.#open.delete(connection)
    const at = idle.indexOf(connection)
    if (at >= 0) idle.splice(at, 1)
  }
}

function keep(connection: UpstreamConnection, { idle, isWanted }: Pool): void {
  if (idle.length >= mostIdle || !isWanted) connection.destroy()
  else idle.push(connection)
}
