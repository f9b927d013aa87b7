import { changedEntries, NextMap } from '../base/index.ts'
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
  for (const [key, value = null] of changedEntries(before.backends, after.backends))
    yield { type: 'backend', key, value }
  // Where nothing but endpoints has changed, it is the very same table.
  if (before.table !== after.table) yield* changesOfTable(before.table, after.table)
}

function* changesOfTable(before: RouteTable, after: RouteTable): Generator<Change> {
  for (const [key, value = null] of changedEntries(before.certificates, after.certificates))
    yield { type: 'certificate', key, value }
  for (const [key, value = null] of changedEntries(before.tls, after.tls)) yield { type: 'tls', key, value }
  for (const [key, value = null] of changedEntries(before.hosts, after.hosts)) yield { type: 'host', key, value }
  if (restDiffers(before, after)) {
    const { catchAll = null, defaultCertificates, settings } = after
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
        return this.#hosts.put(change.key, change.value ?? undefined)
      case 'tls':
        return this.#tls.put(change.key, change.value ?? undefined)
      case 'certificate':
        return this.#certificates.put(change.key, change.value ?? undefined)
      case 'backend':
        return this.#backends.put(change.key, change.value ?? undefined)
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
