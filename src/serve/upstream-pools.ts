import type { Endpoint } from '../model/index.ts'
import { UpstreamConnection } from './upstream-connection.ts'
import type { UpstreamContext } from './upstream-connection.ts'

const mostIdle = 256

/** Connections to endpoints that wait for work, last in first out. They outlive route tables. */
export class UpstreamPools {
  readonly #context: UpstreamContext
  readonly #idle = new Map<string, UpstreamConnection[]>()
  readonly #open = new Set<UpstreamConnection>()

  constructor(context: UpstreamContext) {
    this.#context = context
  }

  /** The connection that was used last, if it has been idle for less than `mostIdle` ms. */
  take(endpoint: Endpoint, longestIdle: number): UpstreamConnection | undefined {
    const idle = this.#idle.get(endpointKey(endpoint))
    for (let last = idle?.pop(); last !== undefined; last = idle?.pop()) {
      if (last.isFresh(longestIdle)) return last
      // What is not fresh enough for this request may be for another; what is older than it is not.
      if (last.isFresh(Infinity)) return void idle?.push(last)
      last.destroy()
    }
    return undefined
  }

  /** A new connection; `ready` or `failed` is called once. */
  connect(
    endpoint: Endpoint,
    timeout: number,
    outcome: { readonly ready: (connection: UpstreamConnection) => void; readonly failed: () => void },
  ): UpstreamConnection {
    const connection = new UpstreamConnection(endpoint, this.#context, timeout, {
      connected: outcome.ready,
      closed: (closed, connected) => {
        this.#forget(closed)
        if (!connected) outcome.failed()
      },
      idle: (idle) => this.#keep(idle),
    })
    this.#open.add(connection)
    return connection
  }

  /** Idle connections to endpoints that are gone are closed; busy ones finish, and are closed then. */
  retain(isWanted: (key: string) => boolean): void {
    for (const [key, idle] of this.#idle) {
      if (isWanted(key)) continue
      this.#idle.delete(key)
      for (const connection of idle) connection.destroy()
    }
    this.#isWanted = isWanted
  }

  #isWanted: (key: string) => boolean = () => true

  get size(): number {
    return this.#open.size
  }

  destroy(): void {
    for (const connection of this.#open) connection.destroy()
  }

  #keep(connection: UpstreamConnection): void {
    const key = endpointKey(connection.endpoint)
    const idle = this.#idle.get(key) ?? []
    if (idle.length >= mostIdle || !this.#isWanted(key)) return connection.destroy()
    idle.push(connection)
    this.#idle.set(key, idle)
  }

  #forget(connection: UpstreamConnection): void {
    this.#open.delete(connection)
    const key = endpointKey(connection.endpoint)
    const idle = this.#idle.get(key)
    const at = idle?.indexOf(connection) ?? -1
    if (at >= 0) idle?.splice(at, 1)
    if (idle?.length === 0) this.#idle.delete(key)
  }
}

export function endpointKey({ address, port }: Endpoint): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}
