import type { Backend, Endpoint } from '../../model/index.ts'

/** Takes turns. The turn of a backend outlives tables, so a change of one endpoint does not start all over. */
export class RoundRobin {
  readonly #turns = new Map<string, number>()

  /** Forgets backends that are gone. */
  retain(keys: { has(key: string): boolean }): void {
    for (const key of this.#turns.keys()) if (!keys.has(key)) this.#turns.delete(key)
  }

  /** The endpoints of a backend, first choice first, each once; made as far as they are asked for. */
  *candidates(backend: Backend): Generator<Endpoint> {
    const { endpoints, key } = backend
    const turn = this.#turns.get(key) ?? 0
    this.#turns.set(key, (turn + 1) % Math.max(1, endpoints.length))
    for (let at = 0; at < endpoints.length; at++) {
      const endpoint = endpoints[(turn + at) % endpoints.length]
      if (endpoint !== undefined) yield endpoint
    }
  }
}
