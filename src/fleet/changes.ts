import type { Change, RouteTable, ServingState } from '../model/index.ts'

/** The state of a worker that has heard nothing yet. */
export const emptyState: ServingState = {
  table: {
    hosts: new Map(),
    catchAll: undefined,
    tls: new Map(),
    certificates: new Map(),
    defaultCertificates: [],
    settings: {},
  },
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
    const { catchAll = null, defaultCertificates, settings } = after.table
    yield { type: 'rest', catchAll, defaultCertificates, settings }
  }
}

function restDiffers(before: RouteTable, after: RouteTable): boolean {
  return (
    before.catchAll !== after.catchAll ||
    before.defaultCertificates.join() !== after.defaultCertificates.join() ||
    JSON.stringify(before.settings) !== JSON.stringify(after.settings)
  )
}

function* changedEntries<V>(
  before: ReadonlyMap<string, V>,
  after: ReadonlyMap<string, V>,
): Generator<[string, V | null]> {
  if (before === after) return
  for (const key of before.keys()) if (!after.has(key)) yield [key, null]
  for (const [key, value] of after) if (before.get(key) !== value) yield [key, value]
}

/** A state under construction: what changes is applied to copies, and `state` is what they add up to. */
export class NextState {
  readonly #hosts
  readonly #tls
  readonly #certificates
  readonly #backends
  #rest: Pick<RouteTable, 'catchAll' | 'defaultCertificates' | 'settings'>

  constructor(from: ServingState) {
    this.#hosts = new NextMap(from.table.hosts)
    this.#tls = new NextMap(from.table.tls)
    this.#certificates = new NextMap(from.table.certificates)
    this.#backends = new NextMap(from.backends)
    this.#rest = from.table
  }

  apply(change: Change): void {
    switch (change.type) {
      case 'host':
        return this.#hosts.put(change.key, change.value)
      case 'tls':
        return this.#tls.put(change.key, change.value)
      case 'certificate':
        return this.#certificates.put(change.key, change.value)
      case 'backend':
        return this.#backends.put(change.key, change.value)
      case 'rest':
        const { catchAll, defaultCertificates, settings } = change
        this.#rest = { catchAll: catchAll ?? undefined, defaultCertificates, settings }
    }
  }

  get state(): ServingState {
    const { catchAll, defaultCertificates, settings } = this.#rest
    const table = {
      hosts: this.#hosts.map,
      catchAll,
      tls: this.#tls.map,
      certificates: this.#certificates.map,
      defaultCertificates,
      settings,
    }
    return { table, backends: this.#backends.map }
  }
}

/** Copied at the first change: a map in which nothing changes is the same map in both states. */
class NextMap<V> {
  map: ReadonlyMap<string, V>
  #copy: Map<string, V> | undefined

  constructor(map: ReadonlyMap<string, V>) {
    this.map = map
  }

  put(key: string, value: V | null): void {
    this.map = this.#copy ??= new Map(this.map)
    if (value === null) this.#copy.delete(key)
    else this.#copy.set(key, value)
  }
}
