import { JoinedLists } from './base/index.ts'
import { Compiler, EndpointResolver } from './compile/index.ts'
import type { CompileOptions } from './compile/index.ts'
import type {
  Backend,
  BackendKey,
  BackendReference,
  Compilation,
  Diagnostic,
  ObjectRef,
  Snapshot,
  SourceObject,
} from './model/index.ts'
import { compileOptionsOf } from './serve-options.ts'
import type { ServeOptions } from './serve-options.ts'
import { readStandIn, standInsFor, withStandIns } from './source/index.ts'
import type { NamedObjects, StandIn } from './source/index.ts'

/** Where an echo server would listen, when none is started: the port of the echo service (RFC 862). */
const echoPort = 7

/** A snapshot with everything that follows from it. */
export interface Assembled {
  /** As the source gave it. */
  readonly given: Snapshot
  /** With what stands in. */
  readonly snapshot: Snapshot
  readonly compilation: Compilation
  readonly backends: ReadonlyMap<BackendKey, Backend>
  /** What source, compile and the look-up of endpoints have found: the same list, as long as each of them finds the same. */
  readonly diagnostics: readonly Diagnostic[]
  /** Objects served (with or without notes), and objects refused as a whole. */
  readonly accepted: readonly ObjectRef[]
  readonly refused: readonly ObjectRef[]
}

/** What the options make of objects; `selfMade` is shown where no default certificate is configured. */
export function createAssembly(
  options: Parameters<typeof compileOptionsOf>[0] & Pick<ServeOptions, 'backends'>,
  selfMade?: CompileOptions['selfMade'],
): Assembly {
  const standIns = options.backends.flatMap((text) => readStandIn(text) ?? [])
  return new Assembly({ ...compileOptionsOf(options), selfMade }, standIns)
}

/** What stands in for endpoints at present, and for which of the backends that Ingresses name. */
interface Standing {
  readonly standIns: readonly StandIn[]
  readonly references: readonly BackendReference[]
}

/** Joins source and compile, the same way for `serve`, `check` and `explain`: stand-ins first, then table, then endpoints. */
export class Assembly {
  readonly #standIns: readonly StandIn[]
  /** Finds out which backends are named, before anything stands in for them. */
  readonly #scout: Compiler
  readonly #compiler: Compiler
  readonly #resolver: EndpointResolver
  /** There may be thousands, and most changes of endpoints bring none: then nobody looks through them again. */
  readonly #diagnostics = new JoinedLists<Diagnostic>()
  #standing: Standing = { standIns: [], references: [] }
  #last: Compilation | undefined

  constructor(options: CompileOptions, standIns: readonly StandIn[]) {
    this.#standIns = standIns
    this.#scout = new Compiler(options)
    this.#compiler = new Compiler(options)
    this.#resolver = new EndpointResolver(options)
  }

  /** Which Secrets have to be read for a snapshot, where they are read one by one. */
  namedSecrets(snapshot: Snapshot): NamedObjects {
    return this.#compiler.namedSecrets(snapshot)
  }

  assemble(given: Snapshot, echoPorts: ReadonlyMap<BackendKey, number> = new Map()): Assembled {
    const needed = this.#standIns.length + echoPorts.size > 0
    const references = needed ? [...this.#scout.compile(given).backends.values()] : []
    this.#standing = { references, standIns: [...this.#standIns, ...standInsFor(references, echoPorts)] }
    const snapshot = this.#standIn(given)
    this.#last = this.#compiler.compile(snapshot)
    return this.#withEndpoints(given, snapshot, this.#last)
  }

  /** As `serve` would: with echo servers that nobody has started. */
  rehearse(given: Snapshot, echo: boolean): Assembled {
    const keys = echo ? this.echoKeys(given) : []
    return this.assemble(given, new Map(keys.map((key) => [key, echoPort])))
  }

  /** Whether an Ingress is ours by the classes of a snapshot. */
  claims(given: Snapshot, ingress: SourceObject): boolean {
    return this.#compiler.claims(given, ingress)
  }

  /** For a snapshot in which nothing but endpoints has changed: the short path, which compiles nothing. */
  refresh(given: Snapshot): Assembled {
    if (this.#last === undefined) return this.assemble(given)
    return this.#withEndpoints(given, this.#standIn(given), this.#last)
  }

  /** Backends for which an echo server would stand in: their Service is missing, or has no endpoints. */
  echoKeys(given: Snapshot): BackendKey[] {
    const { compilation, backends } = this.assemble(given)
    return [...backends.values()].flatMap(({ key, endpoints }) => {
      const fault = compilation.faults.get(key) ?? 'ServiceNotFound'
      return endpoints.length === 0 && fault === 'ServiceNotFound' ? [key] : []
    })
  }

  #standIn(given: Snapshot): Snapshot {
    return withStandIns(given, this.#standing.standIns, this.#standing.references)
  }

  #withEndpoints(given: Snapshot, snapshot: Snapshot, compilation: Compilation): Assembled {
    const { backends, slices } = this.#resolver.resolve(compilation.backends, snapshot)
    return {
      given,
      snapshot,
      compilation,
      backends,
      diagnostics: this.#diagnostics.join(snapshot.diagnostics, compilation.diagnostics, slices.diagnostics),
      // Made for whoever counts them, and not at each change.
      get accepted() {
        return [...compilation.accepted, ...slices.accepted]
      },
      get refused() {
        return [...compilation.refused, ...slices.refused]
      },
    }
  }
}
