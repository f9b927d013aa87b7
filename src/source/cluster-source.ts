import type { Clock } from '../base/index.ts'
import { Reflector } from '../kube/index.ts'
import type { KubeClient, KubeError, Random, Reflected } from '../kube/index.ts'
import type { KindDescriptor, Snapshot, SourceObject } from '../model/index.ts'
import { isFlagged } from './flagged-objects.ts'
import { GoodSecrets } from './good-secrets.ts'
import type { JudgeSecret } from './good-secrets.ts'
import { NamedSecrets } from './named-secrets.ts'
import type { NamedObjects, NamedSecretsState } from './named-secrets.ts'
import { latest, Pending, quiet } from './pending.ts'
import { lasting, RefusedNamespaces } from './refused-namespaces.ts'
import type { Source, SourceChange } from './source.ts'
import { namespaceKind, watchedCollections } from './watched-collections.ts'
import type { WatchOptions } from './watched-collections.ts'

/** A change that names Secrets waits for them so long, so that it is not shown with another certificate first. */
const secretsLimit = 1_000
const firstSecretsLimit = 10_000
/** As long as workers serve what an earlier control process brought them, which has the right certificates. */
const continuedSecretsLimit = 120_000
const endpoints = 'EndpointSlice'
const secrets = 'Secret'
const services = 'Service'

export interface ClusterStages {
  readonly client: KubeClient
  readonly kinds: readonly KindDescriptor[]
  readonly judge: JudgeSecret
  /** Which Secrets accepted objects name. */
  readonly namedSecrets: (snapshot: Snapshot) => NamedObjects
  readonly clock: Clock
  readonly random: Random
  /** Whether workers serve a table of before this source: a first snapshot that lacks Secrets would be worse than it. */
  readonly continues: () => boolean
  /** Told of each fault of the API server; the source goes on by itself. */
  readonly failed: (collection: Reflected, error: KubeError) => void
}

/**
 * A cluster as snapshots: one reflector for each collection that is watched, and Secrets by the scope that was chosen. The
 * first snapshot comes when every collection has been read once; after that nothing that happens to the API server
 * takes anything away.
 */
export class ClusterSource implements Source {
  readonly #options: WatchOptions
  readonly #stages: ClusterStages
  readonly #pending: Pending
  readonly #reflectors: readonly Reflector[]
  readonly #refusals: RefusedNamespaces
  readonly #namespaces: Reflector | undefined
  readonly #named: NamedSecrets | undefined
  readonly #goodSecrets: GoodSecrets
  /** Kinds that differ from what was last given. */
  readonly #dirty = new Set<string>()
  /** By kind, as last given. */
  #given: ReadonlyMap<string, readonly SourceObject[]> | undefined
  /** Of all namespaces, where a selector chooses some; as old as what was last given. */
  #seenIngresses: readonly SourceObject[] | undefined
  #heldSince: number | undefined
  #stopWaiting: (() => void) | undefined

  constructor(options: WatchOptions, stages: ClusterStages) {
    const { kinds, judge, client, clock, continues } = stages
    this.#options = options
    this.#stages = stages
    this.#pending = new Pending(clock)
    this.#goodSecrets = new GoodSecrets(judge)
    this.#reflectors = watchedCollections(options, kinds).map((collection) => this.#reflect(collection))
    this.#refusals = new RefusedNamespaces(this.#reflectors, options.namespaces, clock)
    this.#namespaces = this.#reflectors.find(({ target }) => target.kind === namespaceKind)
    const secretKind = kinds.find(({ kind }) => kind === secrets)
    if (secretKind !== undefined && options.secrets === 'named')
      this.#named = new NamedSecrets(secretKind, { client, clock, continues, changed: () => this.#changed(secrets) })
  }

  /** The state of each watch, for metrics. */
  get reflectors(): readonly Reflector[] {
    return this.#reflectors
  }

  covers(namespace: string): boolean {
    const { namespaces } = this.#options
    if (namespaces.length > 0) return namespaces.includes(namespace)
    return this.#namespaces === undefined || this.#namespaces.list().some(({ ref }) => ref.name === namespace)
  }

  /** Undefined where Secrets are watched instead of being read one by one. */
  get namedSecrets(): NamedSecretsState | undefined {
    return this.#named?.state
  }

  /** Everything as it is now; rejects with the first fault. */
  async read(): Promise<Snapshot> {
    const stop = new AbortController()
    try {
      for await (const { snapshot } of this.changes(stop.signal)) return snapshot
      throw new Error('the cluster gave nothing')
    } finally {
      stop.abort()
    }
  }

  async *changes(signal: AbortSignal): AsyncGenerator<SourceChange> {
    signal.addEventListener('abort', () => this.#pending.note(0, 0), { once: true })
    for (const reflector of this.#reflectors) void reflector.run(signal)
    this.#named?.run(signal)
    while (!signal.aborted) {
      await this.#pending.wait()
      const change = this.#next()
      if (change !== undefined && !signal.aborted) yield change
    }
  }

  #reflect(collection: Reflected): Reflector {
    const { client, clock, random, failed } = this.#stages
    return new Reflector(
      collection,
      client,
      { clock, random },
      {
        changed: () => this.#changed(collection.kind.kind),
        failed: (error) => {
          // Refusals of which some are to be passed over when they have lasted.
          if (!error.isOutage && this.#given === undefined) clock.after(lasting, () => this.#pending.note(0, 0))
          failed(collection, error)
        },
      },
    )
  }

  #changed(kind: string): void {
    // Another choice of namespaces is another choice of everything in them.
    const kinds = kind === namespaceKind.kind ? this.#stages.kinds.map((each) => each.kind) : [kind]
    for (const each of kinds) this.#dirty.add(each)
    this.#pending.note(quiet, latest)
  }

  /** What is new since it was last asked for; endpoints never wait for anything. */
  #next(): SourceChange | undefined {
    this.#refusals.passOver(this.#stages.continues())
    if (this.#dirty.size === 0 || !this.#reflectors.every(({ synced }) => synced)) return undefined
    const others = [...this.#dirty].some((kind) => kind !== endpoints)
    if (others && !this.#waitsForSecrets()) return this.#give(false)
    if (this.#given === undefined || !this.#dirty.has(endpoints)) return undefined
    return this.#give(true)
  }

  #give(endpointsOnly: boolean): SourceChange {
    const current = (kind: string): readonly SourceObject[] => this.#current(kind)
    const kinds = this.#stages.kinds.map(({ kind }) => kind)
    this.#given = new Map(
      kinds.map((kind) => [kind, endpointsOnly && kind !== endpoints ? (this.#given?.get(kind) ?? []) : current(kind)]),
    )
    if (!endpointsOnly) this.#seenIngresses = this.#namespaces && this.#listOf('Ingress')
    if (endpointsOnly) this.#dirty.delete(endpoints)
    else this.#dirty.clear()
    const unread = this.#named?.unread ?? this.#refused(secrets, this.#options.defaultCertificate)
    const unreadServices = this.#refused(services, this.#options.defaultBackend)
    const { diagnostics } = this.#refusals
    const seenIngresses = this.#seenIngresses
    const snapshot = { ...snapshotOf(this.#given), seenIngresses, diagnostics, unread, unreadServices }
    return { snapshot: this.#goodSecrets.keep(snapshot), endpointsOnly }
  }

  /** Why nothing is known of an object that a flag names, if it may not be read. */
  #refused(kind: string, name: string | undefined): ReadonlyMap<string, string> {
    const own = this.#reflectors.find(
      ({ target, refusal }) => target.kind.kind === kind && refusal !== undefined && isWithin(name, target.scope),
    )
    return name === undefined || own?.refusal === undefined ? new Map() : new Map([[name, own.refusal]])
  }

  /** Whether Secrets that the newest objects name have still to be read. */
  #waitsForSecrets(): boolean {
    if (this.#named === undefined) return false
    const now = this.#stages.clock.now()
    this.#named.want(this.#stages.namedSecrets(snapshotOf(this.#currentLists())))
    const left = (this.#heldSince ??= now) + this.#secretsLimit - now
    this.#stopWaiting?.()
    if (!this.#named.awaited || left <= 0) {
      this.#heldSince = undefined
      this.#named.giveUp()
      return false
    }
    // A timer may be early by the clock that is read here, and workers may end meanwhile: then it is looked at again.
    const next = Math.min(left, firstSecretsLimit)
    this.#stopWaiting = this.#stages.clock.after(next, () => this.#pending.note(0, 0))
    return true
  }

  get #secretsLimit(): number {
    if (this.#given !== undefined) return secretsLimit
    return this.#stages.continues() ? continuedSecretsLimit : firstSecretsLimit
  }

  #currentLists(): ReadonlyMap<string, readonly SourceObject[]> {
    return new Map(this.#stages.kinds.map(({ kind }) => [kind, this.#current(kind)]))
  }

  /** Whatever namespaces count. */
  #listOf(kind: string): readonly SourceObject[] {
    const own = this.#reflectors.filter(({ target }) => target.kind.kind === kind)
    return own.length === 1 ? (own[0]?.list() ?? []) : own.flatMap((reflector) => reflector.list())
  }

  #current(kind: string): readonly SourceObject[] {
    if (kind === secrets && this.#named !== undefined) return this.#named.list()
    const unchanged = this.#dirty.has(kind) ? undefined : this.#given?.get(kind)
    if (unchanged !== undefined) return unchanged
    const objects = this.#listOf(kind)
    if (this.#namespaces === undefined) return objects
    const chosen = new Set(this.#namespaces.list().map(({ ref }) => ref.name))
    return objects.filter(
      (object) => object.ref.namespace === '' || chosen.has(object.ref.namespace) || isFlagged(object, this.#options),
    )
  }
}

function isWithin(name: string | undefined, { namespace }: Reflected['scope']): boolean {
  return namespace === undefined || name?.startsWith(`${namespace}/`) === true
}

/** Objects of a cluster have no place in a file. */
function snapshotOf(lists: ReadonlyMap<string, readonly SourceObject[]>): Snapshot {
  return { list: (kind) => lists.get(kind) ?? [], diagnostics: [], locate: () => undefined }
}
