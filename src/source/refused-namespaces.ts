import type { Clock } from '../base/index.ts'
import type { Reflector } from '../kube/index.ts'
import { diagnose } from '../model/index.ts'
import type { Diagnostic } from '../model/index.ts'

/** So long nothing but refusals, and a namespace may not be read: its rights, or itself, are gone. */
export const lasting = 30_000
/** Where workers serve a table of before, which may hold the routes of that namespace. */
const lastingLonger = 120_000

/**
 * Of several namespaces that are watched one may be deleted, or its rights taken away. Before anything has been read, its
 * collections would be waited for for ever: they count as empty once that has lasted, if another namespace can be read.
 */
export class RefusedNamespaces {
  readonly #watched: readonly Reflector[]
  readonly #clock: Clock
  #diagnostics: readonly Diagnostic[] = []

  constructor(reflectors: readonly Reflector[], namespaces: readonly string[], clock: Clock) {
    const several = new Set(namespaces).size > 1
    this.#clock = clock
    this.#watched = several
      ? reflectors.filter(({ target }) => !target.optional && namespaces.includes(target.scope.namespace ?? ''))
      : []
  }

  /** `continues`: traffic is served meanwhile. */
  passOver(continues: boolean): void {
    const latest = this.#clock.now() - (continues ? lastingLonger : lasting)
    for (const reflector of this.#watched)
      if ((reflector.refusedSince ?? Infinity) <= latest && this.#isReadElsewhere(reflector)) reflector.countAsEmpty()
  }

  /** One for each namespace of which something counts as empty; the same list as long as they are the same. */
  get diagnostics(): readonly Diagnostic[] {
    const refusals = this.#watched.filter(({ refusal }) => refusal !== undefined)
    const found = [...Map.groupBy(refusals, ({ target }) => target.scope.namespace ?? '')].map(([namespace, own]) =>
      unread(namespace, own),
    )
    const isSame =
      found.length === this.#diagnostics.length &&
      found.every(({ message }, at) => message === this.#diagnostics[at]?.message)
    if (!isSame) this.#diagnostics = found
    return this.#diagnostics
  }

  #isReadElsewhere({ target }: Reflector): boolean {
    return this.#watched.some(
      (other) => other.target.kind === target.kind && other.synced && other.refusal === undefined,
    )
  }
}

function unread(namespace: string, refused: readonly Reflector[]): Diagnostic {
  const object = { kind: 'Namespace', namespace: '', name: namespace }
  const kinds = refused.map(({ target }) => target.kind.plural).join(', ')
  const message = `${kinds} of namespace ${namespace} may not be read, so they count as missing: ${refused[0]?.refusal}`
  const hint = `Give Lintel its rights in namespace ${namespace}, or take it out of --watch-namespace.`
  return diagnose('NamespaceUnread', { object, field: '' }, { message, hint })
}
