import type { Clock } from '../base/index.ts'
import type { KindDescriptor, SourceObject } from '../model/index.ts'
import { Collection } from './collection.ts'
import { identify } from './identify.ts'
import { isRecord } from './json.ts'
import { endTurn } from './kube-client.ts'
import type { Asking, KubeClient, Page, WatchEvent } from './kube-client.ts'
import { KubeError } from './kube-error.ts'
import type { Random, Turn } from './pace.ts'
import type { Scope } from './resource-path.ts'
import { isNewer, isOlder } from './resource-version.ts'

const pageSize = 500
/** Objects of one collection; a server whose pages never end is not followed for ever. */
const mostPages = 4_000
/** A watch that was opened and is silent for so long is a good one; a refusal comes at once. */
const settled = 250
/** A watch that ends sooner is a fault, whatever it told, or it would be opened again and again. */
const shortest = 5_000
/** How long a doubtful list waits for the second one, and at most twice as long. */
const doubtful = 700
/** A kind that we may not read is asked for again, ever later. */
const firstRefusal = 1_000
const longestRefusal = 60_000

/** What a stream said cannot be gone on from: a list tells what there is. */
const doubts = new Set(['OutOfOrder', 'InvalidAnswer', 'TooLarge'])

export interface Reflected {
  readonly kind: KindDescriptor
  readonly scope: Scope
  /** Whether a refusal (403, 404) counts as an empty collection until it can be read. */
  readonly optional: boolean
}

/** What a reflector tells its owner. */
export interface ReflectorHandler {
  /** The collection differs, or has been read for the first time, or counts as empty. */
  changed(): void
  /** Something went wrong; it goes on by itself. */
  failed(error: KubeError): void
}

/** Counts for metrics, and for tests to wait by. */
export interface ReflectorCounts {
  readonly lists: number
  readonly watches: number
  readonly events: number
  readonly failures: number
}

/**
 * Keeps a copy of one collection of the API: list, then watch from the version of the list, for ever. Whatever fails, what is
 * held stays, and the reflector goes on; only the signal ends it.
 */
export class Reflector {
  readonly target: Reflected
  readonly #client: KubeClient
  readonly #clock: Clock
  readonly #random: Random
  readonly #handler: ReflectorHandler
  readonly #collection = new Collection()
  readonly #counts = { lists: 0, watches: 0, events: 0, failures: 0 }
  #synced = false
  /** Where the next watch goes on; undefined: a list has to come first. */
  #version: string | undefined
  /** The connection broke: the server that comes back may have older data. */
  #broken = false
  /** How often the server had been away when it was last watched. */
  #absences = 0
  /** Objects on a page: fewer for as long as those of a list are so large that a page would not be taken. */
  #limit = pageSize
  /** In a row. */
  #refusals = 0
  #heard: number | undefined
  #refusal: string | undefined
  /** Why it may not be read, before it has been, and since when. */
  #refused: { readonly since: number; readonly reason: string } | undefined

  constructor(
    target: Reflected,
    client: KubeClient,
    { clock, random }: { readonly clock: Clock; readonly random: Random },
    handler: ReflectorHandler,
  ) {
    this.target = target
    this.#client = client
    this.#clock = clock
    this.#random = random
    this.#handler = handler
  }

  /** Whether the collection has been read once. */
  get synced(): boolean {
    return this.#synced
  }

  /** Why a collection that counts as empty has never been read. */
  get refusal(): string | undefined {
    return this.#refusal
  }

  /** Since when nothing but refusals was heard of a collection that has never been read; undefined: it is not so. */
  get refusedSince(): number | undefined {
    return this.#synced ? undefined : this.#refused?.since
  }

  /** A collection that is refused counts as empty from now on, until it can be read. */
  countAsEmpty(): void {
    if (this.#synced || this.#refused === undefined) return
    this.#refusal = this.#refused.reason
    this.#sync()
  }

  get counts(): ReflectorCounts {
    return this.#counts
  }

  /** When the server was last heard of, by the monotonic clock; undefined: never. */
  get heard(): number | undefined {
    return this.#heard
  }

  list(): readonly SourceObject[] {
    return this.#collection.list()
  }

  /** Resolves once the signal has come. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const turn = await this.#client.pace.turn(signal, 'scout').catch(() => undefined)
      if (turn === undefined) return
      const refusal = await this.#attempt({ turn, signal })
      if (refusal > 0) await this.#sleep(refusal, signal)
    }
  }

  /** One turn: what there is to do, until it is done or has failed. Resolves with the time to stay away. */
  async #attempt(asking: Asking): Promise<number> {
    const { watches } = this.#counts
    try {
      await this.#follow(asking)
      return 0
    } catch (error) {
      if (asking.signal.aborted) return 0
      return this.#fail(error, asking.turn, this.#counts.watches > watches)
    } finally {
      asking.turn.pass()
    }
  }

  async #follow(asking: Asking): Promise<void> {
    // A server that was away may come back with other data, whose versions have gone beyond ours meanwhile.
    if (this.#absences !== this.#client.pace.absences) this.#version = undefined
    if (this.#version !== undefined && this.#broken) await this.#compareEpoch(this.#version, asking)
    if (this.#version !== undefined) {
      try {
        return await this.#watch(this.#version, asking)
      } catch (error) {
        if (!(error instanceof KubeError && error.isExpired)) throw error
      }
    }
    this.#version = undefined
    const version = await this.#read(asking)
    this.#version = version
    await this.#watch(version, asking)
  }

  #fail(thrown: unknown, turn: Turn, watched: boolean): number {
    const error = thrown instanceof KubeError ? thrown : new KubeError(0, 'InvalidAnswer', String(thrown))
    this.#counts.failures++
    this.#broken = true
    if (!watched && (error.status === 0 || error.status >= 500)) this.#client.pace.miss()
    if (error.isExpired || doubts.has(error.reason)) this.#version = undefined
    if (!error.isOutage && !error.isExpired) return this.#stayAway(error, turn)
    this.#refused = undefined
    this.#handler.failed(error)
    turn.ill(error.retryAfter)
    return 0
  }

  /** For how long, after a refusal; the first one may only say that the server is starting. */
  #stayAway(error: KubeError, turn: Turn): number {
    if (error.status === 403 && this.#refusals === 0 && turn.refused()) return 0
    this.#refused = { since: this.#refused?.since ?? this.#clock.now(), reason: error.message }
    this.#handler.failed(error)
    endTurn(turn, error)
    if (this.target.optional) this.countAsEmpty()
    return Math.min(longestRefusal, firstRefusal * 2 ** this.#refusals++) * (0.5 + this.#random() / 2)
  }

  /** A server that was restored from a copy knows less than we do, and would have us wait until it has caught up. */
  async #compareEpoch(version: string, asking: Asking): Promise<void> {
    const now = await this.#client.page(this.target, { limit: 1, after: '' }, asking)
    if (isOlder(now.version, version)) this.#version = undefined
    this.#broken = false
  }

  /** Reads the collection; a list that would take away what it should not is believed if a second one says the same. */
  async #read(asking: Asking): Promise<string> {
    let list = await this.#list(asking)
    while (this.#isDoubtful(list)) {
      asking.turn.well()
      await this.#sleep(doubtful * (1 + this.#random()), asking.signal)
      const second = await this.#list(asking)
      const confirmed = !isOlder(second.version, list.version)
      list = second
      if (confirmed) break
    }
    this.#newest = list.version
    this.#broken = false
    const changed = this.#collection.replace(list.objects) || this.#refusal !== undefined
    this.#refusal = undefined
    if (!this.#synced) this.#sync()
    else if (changed) this.#handler.changed()
    return list.version
  }

  /** The newest version that was heard of. */
  #newest = ''

  #isDoubtful({ objects, version }: List): boolean {
    return this.#synced && (isOlder(version, this.#newest) || this.#collection.lacksMost(objects))
  }

  #sync(): void {
    this.#synced = true
    this.#handler.changed()
  }

  /** All pages. If the rest of them has expired meanwhile, the whole at once. */
  async #list(asking: Asking): Promise<List> {
    try {
      return await this.#listPages(this.#limit, asking)
    } catch (error) {
      if (!(error instanceof KubeError && error.isExpired)) throw error
      return this.#listPages(0, asking)
    }
  }

  async #listPages(limit: number, asking: Asking): Promise<List> {
    const { kind } = this.target
    const objects: SourceObject[] = []
    const part = { limit, after: '' }
    for (let pages = 0; pages < mostPages; pages++) {
      const { items, version, next } = await this.#page(part, asking)
      this.#hear()
      this.#counts.lists++
      for (const item of items) {
        const object = identify(kind, item)
        if (object !== undefined) objects.push(object)
      }
      if (next === '') {
        this.#limit = Math.min(pageSize, 2 * (part.limit === 0 ? pageSize : part.limit))
        return { objects, version }
      }
      part.after = next
    }
    throw new KubeError(0, 'TooLarge', `${kind.plural}: the pages of the list do not end`)
  }

  /** A page; if it is too large, half as many objects, and for the rest of the list no more. That is no fault of the server. */
  async #page(part: { limit: number; readonly after: string }, asking: Asking): Promise<Page> {
    for (;;) {
      try {
        return await this.#client.page(this.target, part, asking)
      } catch (error) {
        if (!(error instanceof KubeError && error.reason === 'TooLarge' && part.limit !== 1)) throw error
        part.limit = Math.floor((part.limit === 0 ? pageSize : part.limit) / 2)
        this.#limit = part.limit
      }
    }
  }

  async #watch(version: string, asking: Asking): Promise<void> {
    const begun = this.#clock.now()
    let stop: (() => void) | undefined
    const handler = {
      opened: (): void => {
        this.#counts.watches++
        this.#refusals = 0
        this.#absences = this.#client.pace.absences
        this.#hear()
        stop = this.#clock.after(settled, () => asking.turn.well())
      },
      event: (event: WatchEvent): void => {
        this.#hear()
        this.#take(event)
        asking.turn.well()
      },
    }
    try {
      await this.#client.watch(this.target, version, handler, asking)
    } finally {
      stop?.()
    }
    if (this.#clock.now() - begun < shortest)
      throw new KubeError(0, 'Unreachable', `the watch ended as soon as it had begun`)
  }

  /** What an event says is taken; if it shows that others were lost or came late, a list follows. */
  #take({ type, object }: WatchEvent): void {
    this.#counts.events++
    const version = versionOf(object)
    if (type === 'BOOKMARK') return this.#advance(version)
    const identified = identify(this.target.kind, object)
    if (identified === undefined) throw outOfOrder(`${this.target.kind.plural}: an event without an object`)
    if (type !== 'ADDED' && type !== 'MODIFIED' && type !== 'DELETED')
      throw outOfOrder(`${this.target.kind.plural}: an event of type ${type}`)
    const taken = type === 'DELETED' ? this.#collection.remove(identified) : this.#collection.put(identified)
    if (taken === 'changed') this.#handler.changed()
    if (taken === 'odd') throw outOfOrder(`${identified.ref.name}: an event that is older than what is held`)
    this.#advance(identified.revision)
  }

  /** A version that goes back tells of another server with older data, or of a restored one. A bookmark may lack it. */
  #advance(version: string): void {
    if (version === '') return
    if (isOlder(version, this.#newest)) throw outOfOrder(`${this.target.kind.plural}: versions go back`)
    if (isNewer(version, this.#newest) || this.#newest === '') this.#newest = version
    this.#version = version
  }

  #hear(): void {
    this.#heard = this.#clock.now()
  }

  /** Ends early with the signal. */
  #sleep(ms: number, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const stop = this.#clock.after(ms, resolve)
    const wake = (): void => resolve()
    signal.addEventListener('abort', wake)
    return promise.finally(() => {
      stop()
      signal.removeEventListener('abort', wake)
    })
  }
}

interface List {
  readonly objects: readonly SourceObject[]
  readonly version: string
}

function outOfOrder(message: string): KubeError {
  return new KubeError(0, 'OutOfOrder', message)
}

function versionOf(object: WatchEvent['object']): string {
  const { metadata } = object
  const { resourceVersion } = isRecord(metadata) ? metadata : {}
  return typeof resourceVersion === 'string' ? resourceVersion : ''
}
