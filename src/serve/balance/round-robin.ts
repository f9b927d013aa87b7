import type { Backend, Endpoint } from '../../model/index.ts'

/** The endpoints of a backend in the order in which they are to be tried. */
export interface Candidates {
  /** The next choice; undefined when each has been named once. */
  next(): Endpoint | undefined
}

/** Takes turns. The turn of a backend outlives tables, so a change of one endpoint does not start all over. */
export class RoundRobin {
  readonly #turns = new Map<string, number>()
  #backends: ReadonlyMap<string, unknown> | undefined

  /** Forgets backends that are gone. */
  retain(backends: ReadonlyMap<string, unknown>): void {
    if (backends === this.#backends) return
    this.#backends = backends
    for (const key of this.#turns.keys()) if (!backends.has(key)) this.#turns.delete(key)
  }

  candidates({ endpoints, key }: Backend): Candidates {
    const turn = this.#turns.get(key) ?? 0
    this.#turns.set(key, turn + 1 < endpoints.length ? turn + 1 : 0)
    return new Turn(endpoints, turn)
  }
}

class Turn implements Candidates {
  readonly #endpoints: readonly Endpoint[]
  readonly #first: number
  #named = 0

  constructor(endpoints: readonly Endpoint[], first: number) {
    this.#endpoints = endpoints
    this.#first = first
  }

  next(): Endpoint | undefined {
    const { length } = this.#endpoints
    return this.#named < length ? this.#endpoints[(this.#first + this.#named++) % length] : undefined
  }
}
