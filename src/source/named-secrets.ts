import type { Clock } from '../base/index.ts'
import { identify, KubeError } from '../kube/index.ts'
import type { KubeClient } from '../kube/index.ts'
import type { KindDescriptor, SourceObject } from '../model/index.ts'
import { FairQueue } from './fair-queue.ts'
import { limitNamed } from './most-named.ts'

/** Known Secrets are asked for again one after another: five a second, so N of them within N/5 s. */
const refreshPeriod = 200
/** A Secret that is not there is asked for again after 1, 2, 4 … 30 s. */
const firstRetry = 1_000
const longestRetry = 30_000
/** Those that are not there are asked for again twenty a second at most, so 600 of them keep their times. */
const againPeriod = 50
const mostAtOnce = 16
/** A server that has just started knows no rights for a moment: who can wait asks again before a refusal counts. */
const starting = 30_000
const unanswered = 'the API server has not answered in time'

/** `namespace/name` of each Secret that an accepted object names, with a text that changes when a naming object does. */
export type NamedObjects = ReadonlyMap<string, string>

export interface NamedSecretsNeeds {
  readonly client: KubeClient
  readonly clock: Clock
  /** Whether others are shown the right certificates meanwhile. */
  readonly continues: () => boolean
  /** Told when there is something new. */
  readonly changed: () => void
}

/** For metrics. */
export interface NamedSecretsState {
  /** How many are there. */
  readonly known: number
  /** How many are named and not there, or may not be read. */
  readonly missing: number
  /** How many are still to be asked for, or are being asked for, that are not known. */
  readonly waiting: number
  /** When the server last answered for one of them, by the monotonic clock; undefined: never. */
  readonly heard: number | undefined
}

/** What is known of one Secret. */
interface Entry {
  object: SourceObject | undefined
  /** Whether the server has said what there is, or that we may not know. */
  answered: boolean
  /** Whether a change that names it is to wait for it. */
  awaited: boolean
  /** Why nothing is known of it; undefined: it is there, or it does not exist. */
  unread: string | undefined
  namedBy: string
  asking: boolean
  misses: number
  cancelRetry: () => void
}

/** Reads Secrets one by one, by `get` alone, and only those that are named. */
export class NamedSecrets {
  readonly #kind: KindDescriptor
  readonly #needs: NamedSecretsNeeds
  readonly #clock: Clock
  readonly #begun: number
  readonly #entries = new Map<string, Entry>()
  readonly #queue = new FairQueue()
  /** Those that were asked for in vain, and whose time has come again. */
  readonly #again = new FairQueue()
  #nextAgain = 0
  #stopAgain: (() => void) | undefined
  /** Why some that are named are not asked for. */
  #passedOver: ReadonlyMap<string, string> = new Map()
  #list: readonly SourceObject[] | undefined
  /** Those that are there, the one that was asked for longest ago first. */
  readonly #turns = new Set<string>()
  #stopTurns: (() => void) | undefined
  #asking = 0
  #refreshing = false
  #heard: number | undefined
  #signal = new AbortController().signal

  constructor(kind: KindDescriptor, needs: NamedSecretsNeeds) {
    this.#kind = kind
    this.#needs = needs
    this.#clock = needs.clock
    this.#begun = needs.clock.now()
  }

  run(signal: AbortSignal): void {
    this.#signal = signal
    const stop = (): void => {
      this.#stopTurns?.()
      this.#stopAgain?.()
    }
    signal.addEventListener('abort', stop, { once: true })
  }

  /** From now on these are wanted, and no others. */
  want(named: NamedObjects): void {
    const { wanted, passedOver } = limitNamed(named)
    this.#passedOver = passedOver
    for (const [name, entry] of this.#entries) if (!wanted.has(name)) this.#drop(name, entry)
    for (const [name, namedBy] of wanted) {
      const entry = this.#entries.get(name)
      if (entry === undefined) this.#add(name, namedBy)
      else if (entry.namedBy !== namedBy) this.#nameAgain(name, entry, namedBy)
    }
    this.#pump()
  }

  /** Whether one is still to be waited for: it was not answered, nor given up. */
  get awaited(): boolean {
    return [...this.#entries.values()].some((entry) => entry.awaited)
  }

  /** What was waited for long enough holds nothing up from now on. */
  giveUp(): void {
    for (const entry of this.#entries.values()) entry.awaited = false
  }

  /** Why nothing is known of some of them, by `namespace/name`. */
  get unread(): ReadonlyMap<string, string> {
    const unread = [...this.#entries].flatMap(([name, entry]) =>
      entry.unread === undefined ? [] : [[name, entry.unread] as const],
    )
    return new Map([...unread, ...this.#passedOver])
  }

  get state(): NamedSecretsState {
    const entries = [...this.#entries.values()]
    const known = entries.filter(({ object }) => object !== undefined).length
    const missing = entries.filter(({ object, answered }) => answered && object === undefined).length
    return { known, missing, waiting: this.#queue.size + this.#again.size + this.#asking, heard: this.#heard }
  }

  /** Those that are there; the same list as long as nothing changes. */
  list(): readonly SourceObject[] {
    return (this.#list ??= [...this.#entries.values()].flatMap(({ object }) => object ?? []))
  }

  #add(name: string, namedBy: string): void {
    const entry = {
      object: undefined,
      answered: false,
      awaited: true,
      unread: unanswered,
      namedBy,
      asking: false,
      misses: 0,
      cancelRetry: () => undefined,
    }
    this.#entries.set(name, entry)
    this.#queue.add(name)
  }

  #nameAgain(name: string, entry: Entry, namedBy: string): void {
    entry.namedBy = namedBy
    const isToBeAsked = !entry.answered && entry.misses === 0
    if (entry.object !== undefined || isToBeAsked) return
    entry.misses = 0
    entry.cancelRetry()
    this.#askAgain(name)
  }

  #drop(name: string, entry: Entry): void {
    entry.cancelRetry()
    this.#entries.delete(name)
    this.#endTurns(name)
    this.#list = undefined
    this.#queue.delete(name)
    this.#again.delete(name)
  }

  #askAgain(name: string): void {
    this.#again.add(name)
    this.#takeAgain()
  }

  /** One at a time, whoever is missing for how many; at once if the last one was long enough ago. */
  #takeAgain(): void {
    if (this.#stopAgain !== undefined || this.#signal.aborted) return
    const now = this.#clock.now()
    const name = now < this.#nextAgain ? undefined : this.#again.take()
    if (name !== undefined) {
      this.#nextAgain = now + againPeriod
      this.#queue.add(name)
      this.#pump()
    }
    if (this.#again.size === 0) return
    this.#stopAgain = this.#clock.after(this.#nextAgain - now, () => {
      this.#stopAgain = undefined
      this.#takeAgain()
    })
  }

  #pump(): void {
    while (this.#asking < mostAtOnce) {
      const name = this.#queue.take()
      if (name === undefined) return
      const entry = this.#entries.get(name)
      if (entry !== undefined && !entry.asking) void this.#askInTurn(name, entry)
    }
  }

  async #askInTurn(name: string, entry: Entry): Promise<void> {
    this.#asking++
    await this.#ask(name, entry)
    this.#asking--
    this.#pump()
  }

  /** Whoever knows no Secret is not woken for one. */
  #takeTurns(name: string): void {
    this.#turns.add(name)
    if (!this.#signal.aborted) this.#stopTurns ??= this.#clock.every(refreshPeriod, () => void this.#refreshNext())
  }

  #endTurns(name: string): void {
    this.#turns.delete(name)
    if (this.#turns.size > 0) return
    this.#stopTurns?.()
    this.#stopTurns = undefined
  }

  /** One at a time, so that in an outage one waits for its turn; those that are missing have times of their own. */
  async #refreshNext(): Promise<void> {
    const [name] = this.#turns
    const entry = name === undefined ? undefined : this.#entries.get(name)
    if (name === undefined || entry === undefined || this.#refreshing) return
    this.#turns.delete(name)
    this.#turns.add(name)
    if (entry.asking) return
    this.#refreshing = true
    await this.#ask(name, entry)
    this.#refreshing = false
  }

  async #ask(name: string, entry: Entry): Promise<void> {
    const [namespace = '', own = ''] = name.split('/')
    entry.asking = true
    try {
      const value = await this.#needs.client.get(this.#kind, { namespace, name: own }, this.#signal)
      const object = identify(this.#kind, value)
      if (object === undefined) throw new KubeError(0, 'InvalidAnswer', 'the API server answered with no Secret')
      entry.misses = 0
      this.#learn(name, entry, object)
    } catch (error) {
      this.#miss(name, entry, error)
    } finally {
      entry.asking = false
    }
  }

  /** The server has spoken. */
  #learn(name: string, entry: Entry, object: SourceObject | undefined, unread?: string): void {
    if (this.#entries.get(name) !== entry) return
    if (object === undefined) this.#endTurns(name)
    else this.#takeTurns(name)
    const known = entry.object
    const same =
      known?.uid === object?.uid && known?.revision === object?.revision && isSet(entry.unread) === isSet(unread)
    this.#heard = this.#clock.now()
    if (same && entry.answered) return
    entry.object = object
    entry.answered = true
    entry.awaited = false
    entry.unread = unread
    this.#list = undefined
    this.#needs.changed()
  }

  get #mayBeStarting(): boolean {
    return this.#clock.now() - this.#begun < starting && this.#needs.continues()
  }

  /** Only the word that it does not exist takes a Secret away. */
  #miss(name: string, entry: Entry, error: unknown): void {
    if (this.#entries.get(name) !== entry || this.#signal.aborted) return
    const fault = error instanceof KubeError ? error : new KubeError(0, 'InvalidAnswer', String(error))
    const { status, message } = fault
    if (fault.saysMissing(name.slice(name.indexOf('/') + 1))) this.#learn(name, entry, undefined)
    else if (status === 403 && !this.#mayBeStarting)
      this.#learn(name, entry, entry.object, entry.object === undefined ? message : undefined)
    else if (!entry.answered) entry.unread = message
    entry.cancelRetry()
    const wait = Math.min(longestRetry, firstRetry * 2 ** entry.misses++)
    entry.cancelRetry = this.#clock.after(wait, () => this.#askAgain(name))
  }
}

function isSet(text: string | undefined): boolean {
  return text !== undefined
}
