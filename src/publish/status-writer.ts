import type { Clock } from '../base/index.ts'
import { KubeError } from '../kube/index.ts'
import type { KubeClient, Resource } from '../kube/index.ts'
import { namespacedName } from '../model/index.ts'
import type { AddressSource } from './address-source.ts'
import { addressKey } from './address.ts'
import { planStatuses } from './plan-statuses.ts'
import type { StatusWrite } from './plan-statuses.ts'
import { Rounds } from './rounds.ts'
import type { Served } from './served.ts'
import { WriteLedger } from './write-ledger.ts'

const ingresses: Resource = { group: 'networking.k8s.io', version: 'v1', plural: 'ingresses', namespaced: true }

const atOnce = 4
const nextTry = 10_000
const nextTryRefused = 60_000

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
  readonly failed: (error: KubeError) => void
}

/**
 * Keeps `status.loadBalancer.ingress` of all Ingresses as it should be, for one term. Each write names the version that it
 * was planned on, so that it can never undo what somebody else wrote.
 */
export class StatusWriter {
  readonly #addresses: AddressSource
  readonly #stages: WriterStages
  readonly #ledger = new WriteLedger()
  readonly #rounds: Rounds
  #served: Served | undefined

  constructor(addresses: AddressSource, stages: WriterStages) {
    this.#addresses = addresses
    this.#stages = stages
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
    const former = new Set(leadership.memo.split(' ').filter((key) => key !== ''))
    const served = new Set(this.#served.compilation.accepted.flatMap((ref) => nameOfIngress(ref)))
    const objects = listOf(this.#served)
    const isServed = (ref: StatusWrite['ref']): boolean => served.has(namespacedName(ref))
    const plan = planStatuses({ ingresses: objects, isServed, addresses, former })
    this.#ledger.keep(new Set(objects.map(({ uid }) => uid)))
    // Written down before it is used, and struck out when it stands nowhere any more.
    const own = addresses.map(addressKey)
    const memo = (plan.length === 0 ? own : [...new Set([...former, ...own])]).join(' ')
    if (memo !== leadership.memo && !(await leadership.remember(memo))) return nextTry
    const failed = await this.#writeAll(this.#ledger.due(plan, clock.now()))
    return failed ? nextTry : this.#ledger.next(plan, clock.now())
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
      await client.patch(ingresses, { ...ref, subresource: 'status' }, { type: 'merge-patch', body }, signal)
      this.#ledger.done(write, true)
      return true
    } catch (error) {
      if (signal.aborted) return false
      if (!(error instanceof KubeError)) throw error
      // Another version or none: the source hears of it, and then there is another plan.
      if (error.status === 409 || error.status === 404) this.#ledger.done(write, false)
      else failed(error)
      if (!error.isOutage && error.status !== 409 && error.status !== 404)
        this.#ledger.refused(write, clock.now() + nextTryRefused)
      return !error.isOutage
    }
  }
}

function listOf(served: Served | undefined): ReturnType<Served['snapshot']['list']> {
  return served?.snapshot.list('Ingress') ?? []
}

function nameOfIngress(ref: StatusWrite['ref']): string[] {
  return ref.kind === 'Ingress' ? [namespacedName(ref)] : []
}
