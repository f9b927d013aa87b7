import type { Change, RouteTable, ServingState } from '../model/index.ts'

/** The state of a worker that has heard nothing yet. */
export const emptyState: ServingState = {
  table: { hosts: new Map(), catchAll: undefined, tls: new Map(), certificates: new Map(), defaultCertificates: [] },
  backends: new Map(),
}

/** What turns `before` into `after`. Entries are compared by identity, which compile keeps for what did not change. */
export function* changesBetween(before: ServingState, after: ServingState): Generator<Change> {
  for (const [key, value] of changedEntries(before.table.certificates, after.table.certificates))
    yield { type: 'certificate', key, value }
  for (const [key, value] of changedEntries(before.backends, after.backends)) yield { type: 'backend', key, value }
  for (const [key, value] of changedEntries(before.table.tls, after.table.tls)) yield { type: 'tls', key, value }
  for (const [key, value] of changedEntries(before.table.hosts, after.table.hosts)) yield { type: 'host', key, value }
  if (restDiffers(before.table, after.table)) {
    yield { type: 'rest', catchAll: after.table.catchAll ?? null, defaultCertificates: after.table.defaultCertificates }
  }
}

function restDiffers(before: RouteTable, after: RouteTable): boolean {
  return before.catchAll !== after.catchAll || before.defaultCertificates.join() !== after.defaultCertificates.join()
}

function* changedEntries<V>(
  before: ReadonlyMap<string, V>,
  after: ReadonlyMap<string, V>,
): Generator<[string, V | null]> {
  if (before === after) return
  for (const key of before.keys()) if (!after.has(key)) yield [key, null]
  for (const [key, value] of after) if (before.get(key) !== value) yield [key, value]
}

/** A state under construction: changes are applied to a copy, and `state` is what they add up to. */
export class NextState {
  readonly #hosts
  readonly #tls
  readonly #certificates
  readonly #backends
  #rest: Pick<RouteTable, 'catchAll' | 'defaultCertificates'>

  constructor(from: ServingState) {
    this.#hosts = new Map(from.table.hosts)
    this.#tls = new Map(from.table.tls)
    this.#certificates = new Map(from.table.certificates)
    this.#backends = new Map(from.backends)
    this.#rest = from.table
  }

  apply(change: Change): void {
    switch (change.type) {
      case 'host':
        return put(this.#hosts, change.key, change.value)
      case 'tls':
        return put(this.#tls, change.key, change.value)
      case 'certificate':
        return put(this.#certificates, change.key, change.value)
      case 'backend':
        return put(this.#backends, change.key, change.value)
      case 'rest':
        this.#rest = { catchAll: change.catchAll ?? undefined, defaultCertificates: change.defaultCertificates }
    }
  }

  get state(): ServingState {
    const { catchAll, defaultCertificates } = this.#rest
    const table = {
      hosts: this.#hosts,
      catchAll,
      tls: this.#tls,
      certificates: this.#certificates,
      defaultCertificates,
    }
    return { table, backends: this.#backends }
  }
}

function put<V>(map: Map<string, V>, key: string, value: V | null): void {
  if (value === null) map.delete(key)
  else map.set(key, value)
}
