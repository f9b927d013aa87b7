import { Compiler, EndpointResolver } from './compile/index.ts'
import type { CompileOptions } from './compile/index.ts'
import type { Backend, BackendKey, Compilation, Snapshot } from './model/index.ts'
import { standInsFor, withStandIns } from './source/index.ts'
import type { StandIn } from './source/index.ts'

/** A snapshot with everything that follows from it. */
export interface Assembled {
  readonly snapshot: Snapshot
  readonly compilation: Compilation
  readonly backends: ReadonlyMap<BackendKey, Backend>
}

/** Joins source and compile, the same way for `serve`, `check` and `explain`: stand-ins first, then table, then endpoints. */
export class Assembly {
  readonly #standIns: readonly StandIn[]
  /** Finds out which backends are named, before anything stands in for them. */
  readonly #scout: Compiler
  readonly #compiler: Compiler
  readonly #resolver: EndpointResolver
  #last: Compilation | undefined

  constructor(options: CompileOptions, standIns: readonly StandIn[]) {
    this.#standIns = standIns
    this.#scout = new Compiler(options)
    this.#compiler = new Compiler(options)
    this.#resolver = new EndpointResolver(options)
  }

  assemble(given: Snapshot, echoPorts: ReadonlyMap<BackendKey, number> = new Map()): Assembled {
    const references =
      this.#standIns.length + echoPorts.size > 0 ? this.#scout.compile(given).backends : new Map<BackendKey, never>()
    const standIns = [...this.#standIns, ...standInsFor(references.values(), echoPorts)]
    const snapshot = withStandIns(given, standIns, references.values())
    this.#last = this.#compiler.compile(snapshot)
    return this.#withEndpoints(snapshot, this.#last)
  }

  /** For a snapshot in which nothing but endpoints has changed: the short path, which compiles nothing. */
  refresh(snapshot: Snapshot): Assembled {
    return this.#last === undefined ? this.assemble(snapshot) : this.#withEndpoints(snapshot, this.#last)
  }

  /** Backends for which an echo server would stand in: their Service is missing, or has no endpoints. */
  echoKeys(given: Snapshot): BackendKey[] {
    const { compilation, backends } = this.assemble(given)
    return [...backends.values()].flatMap(({ key, endpoints }) => {
      const fault = compilation.faults.get(key) ?? 'ServiceNotFound'
      return endpoints.length === 0 && fault === 'ServiceNotFound' ? [key] : []
    })
  }

  #withEndpoints(snapshot: Snapshot, compilation: Compilation): Assembled {
    return { snapshot, compilation, backends: this.#resolver.resolve(compilation.backends.values(), snapshot) }
  }
}
