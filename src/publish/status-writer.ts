import type { Clock } from '../base/index.ts'
import { KubeError } from '../kube/index.ts'
import type { KubeClient, Resource } from '../kube/index.ts'
import { namespacedName } from '../model/index.ts'
import type { Json, SourceObject } from '../model/index.ts'
import type { AddressSource } from './address-source.ts'
import { addressKey, recordOf } from './address.ts'
import type { Address } from './address.ts'
import { Authorship } from './authorship.ts'
import { entriesOf, planStatuses } from './plan-statuses.ts'
import type { StatusWrite } from './plan-statuses.ts'
import { Rounds } from './rounds.ts'
import type { Served } from './served.ts'
import { WriteLedger } from './write-ledger.ts'

const ingresses: Resource = { group: 'networking.k8s.io', version: 'v1', plural: 'ingresses', namespaced: true }

const atOnce = 4
const nextTry = 10_000
const nextTryRefused = 60_000
/** So many former addresses are remembered though they seem to stand nowhere: what was just written is not heard of yet. */
const mostUnseen = 32

/** Our term as leader, and what it leaves to the next one: the addresses that may stand on Ingresses. */
export interface Leadership {
  readonly leads: boolean
  readonly memo: string
  remember(memo: string): Promise<boolean>
}

export interface WriterStages {
  readonly client: Pick<KubeClient, 'create' | 'patch'>
  readonly clock: Clock
  readonly leadership: Leadership
  /** Ends the term. */
  readonly signal: AbortSignal
  /** Told of each refusal, and of which object it was. */
  readonly failed: (error: KubeError, about: string) => void
}

/**
 * Keeps `status.loadBalancer.ingress` of all Ingresses as it should be, for one term. Each write names the version that it
 * was planned on, so that it can never undo what somebody else wrote.
 */
export class StatusWriter {
  readonly #addresses: AddressSource
  readonly #manager: string
  readonly #stages: WriterStages
  readonly #authorship: Authorship
  readonly #ledger = new WriteLedger()
  readonly #rounds: Rounds
  #served: Served | undefined

  /** `manager`: under which name it is written. */
  constructor(addresses: AddressSource, manager: string, stages: WriterStages) {
    this.#addresses = addresses
    this.#manager = manager
    this.#stages = stages
    this.#authorship = new Authorship(manager)
    this.#rounds = new Rounds(() => this.#round(), stages.clock, stages.signal)
    addresses.run(() => this.#rounds.note(), stages.signal)
  }

  /** What every worker has acknowledged. That of which nothing concerns Ingresses costs nothing. */
  serve(served: Served): void {
    const last = this.#served
    this.#served = served
    const same = last?.compilation === served.compilation && listOf(last) === listOf(served)
    if (!same) this.#rounds.note()
  }

  async #round(): Promise<number | undefined> {
    const { clock, leadership } = this.#stages
    const addresses = this.#addresses.current
    if (this.#served === undefined || addresses === undefined) return undefined
    const former = leadership.memo.split(' ').filter((key) => key !== '')
    const objects = listOf(this.#served)
    const plan = this.#plan(this.#served, addresses, new Set(former))
    this.#ledger.keep(new Set(objects.map(({ uid }) => uid)))
    // Written down before it is used, and struck out when it stands nowhere any more.
    const own = addresses.map(addressKey)
    const past = plan.length === 0 ? [] : stillStanding(former, objects).filter((key) => !own.includes(key))
    const memo = [...past, ...own].join(' ')
    if (memo !== leadership.memo && !(await leadership.remember(memo))) return nextTry
    const failed = await this.#writeAll(this.#ledger.due(plan, clock.now()))
    return failed ? nextTry : this.#ledger.next(plan, clock.now())
  }

  #plan(served: Served, addresses: readonly Address[], former: ReadonlySet<string>): StatusWrite[] {
    const objects = listOf(served)
    const names = new Set(served.compilation.accepted.flatMap((ref) => nameOfIngress(ref)))
    const isServed = (ref: StatusWrite['ref']): boolean => names.has(namespacedName(ref))
    const own = new Set([...former, ...addresses.map(addressKey)])
    this.#authorship.look(objects, (entry) => own.has(keyOf(entry)))
    const isOurs = (uid: string): boolean => this.#authorship.isOurs(uid)
    return planStatuses({ ingresses: objects, isServed, isOurs, addresses, former })
  }

  /** Whether the server could not be asked. */
  async #writeAll(writes: readonly StatusWrite[]): Promise<boolean> {
    const left = writes.values()
    const lane = async (): Promise<boolean> => {
      for (const write of left) if (!(await this.#write(write))) return true
      return false
    }
    return (await Promise.all(Array.from({ length: atOnce }, lane))).includes(true)
  }

  /** Whether the server said something. */
  async #write(write: StatusWrite): Promise<boolean> {
    const { client, clock, leadership, signal, failed } = this.#stages
    if (!leadership.leads) return false
    const { ref, revision, entries } = write
    const ingress = entries.length === 0 ? null : entries
    const body = { metadata: { resourceVersion: revision }, status: { loadBalancer: { ingress } } }
    try {
      const patch = { type: 'merge-patch', body, query: { fieldManager: this.#manager } } as const
      await client.patch(ingresses, { ...ref, subresource: 'status' }, patch, signal)
      this.#ledger.done(write, true)
      this.#authorship.wrote(write)
      return true
    } catch (error) {
      if (signal.aborted) return false
      if (!(error instanceof KubeError)) throw error
      // Another version or none: the source hears of it, and then there is another plan.
      const isOvertaken = error.status === 409 || error.saysMissing(ref.name)
      if (isOvertaken) this.#ledger.done(write, false)
      else failed(error, namespacedName(ref))
      if (!error.isOutage && !isOvertaken) this.#ledger.refused(write, clock.now() + nextTryRefused)
      return !error.isOutage
    }
  }
}

/** Also those whose namespace has left the selection: what we wrote there would stay. */
function listOf(served: Served | undefined): readonly SourceObject[] {
  return served?.snapshot.seenIngresses ?? served?.snapshot.list('Ingress') ?? []
}

function nameOfIngress(ref: StatusWrite['ref']): string[] {
  return ref.kind === 'Ingress' ? [namespacedName(ref)] : []
}

/** The former addresses that an Ingress shows, and the last ones, whether it shows them or not. */
function stillStanding(former: readonly string[], objects: readonly SourceObject[]): string[] {
  const standing = new Set(objects.flatMap(({ value }) => entriesOf(value).map(keyOf)))
  const last = new Set(former.slice(-mostUnseen))
  return former.filter((key) => last.has(key) || standing.has(key))
}

function keyOf(entry: Json): string {
  return addressKey(recordOf(entry))
}
