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
    if (before === backends) return []
    for (const backend of missingIn(before, backends)) for (const endpoint of backend.endpoints) this.#add(endpoint)
    const lost = [...missingIn(backends, before)].flatMap(({ endpoints }) => endpoints.map(endpointKey))
    return lost.filter((key) => this.#remove(key))
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

/** The backends of `after` that `before` does not have, or has otherwise. */
function* missingIn(
  before: ReadonlyMap<BackendKey, Backend>,
  after: ReadonlyMap<BackendKey, Backend>,
): Generator<Backend> {
  for (const [key, backend] of after) if (before.get(key) !== backend) yield backend
}

export function endpointKey({ address, port }: Endpoint): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}
