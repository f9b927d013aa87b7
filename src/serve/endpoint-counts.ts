import { changedEntries } from '../base/index.ts'
import type { Backend, BackendKey, Endpoint } from '../model/index.ts'

/**
 * How many backends have each endpoint: two Services may lead to one pod. Only backends that changed are looked into,
 * so that a change of one endpoint among ten thousand is cheap.
 */
export class EndpointCounts {
  readonly #counts = new Map<string, number>()
  #backends: ReadonlyMap<BackendKey, Backend> | undefined

  /** Before the first `use` every endpoint counts as one that a backend has. */
  has(key: string): boolean {
    return this.#backends === undefined || this.#counts.has(key)
  }

  /** Answers the keys of the endpoints that no backend has any more. */
  use(backends: ReadonlyMap<BackendKey, Backend>): string[] {
    const before = this.#backends ?? new Map<BackendKey, Backend>()
    this.#backends = backends
    const lost: Endpoint[] = []
    for (const [key, backend] of changedEntries(before, backends)) {
      for (const endpoint of backend?.endpoints ?? []) this.#add(endpoint)
      lost.push(...(before.get(key)?.endpoints ?? []))
    }
    return lost.map(endpointKey).filter((key) => this.#remove(key))
  }

  #add(endpoint: Endpoint): void {
    const key = endpointKey(endpoint)
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1)
  }

  /** Answers whether it was the last. */
  #remove(key: string): boolean {
    const left = (this.#counts.get(key) ?? 0) - 1
    if (left > 0) this.#counts.set(key, left)
    else this.#counts.delete(key)
    return left <= 0
  }
}

export function endpointKey({ address, port }: Endpoint): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}
