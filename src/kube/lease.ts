import type { Clock } from '../base/index.ts'
import type { Json, JsonRecord } from '../model/index.ts'
import { isRecord } from './json.ts'
import type { KubeClient, ObjectName } from './kube-client.ts'
import { KubeError } from './kube-error.ts'
import type { Random } from './pace.ts'
import type { Resource } from './resource-path.ts'

const leases: Resource = {
  group: 'coordination.k8s.io',
  version: 'v1',
  plural: 'leases',
  namespaced: true,
  leads: true,
}

/** A holder that was not heard of for so long is gone. */
const duration = 15_000
/** A leader that could not renew for so long no longer leads. What lies between the two is for clocks that run unequally. */
const renewDeadline = 10_000
/** Between two tries at most: one tenth to four tenths less, so that not all try at once. */
const retryPeriod = 2_000
const [leastCut, cutSpread] = [0.1, 0.3]
/** Whoever ends waits so long for the Lease to be given back. */
const releaseLimit = 2_000

/** Where the leader leaves a word for the next one. */
const memoAnnotation = 'lintel.dev/memo'

export type LeaseClient = Pick<KubeClient, 'get' | 'create' | 'update'>

/** Who wants which Lease. The identity is never used twice, not even by the same process. */
export interface Candidate {
  readonly lease: ObjectName
  readonly identity: string
}

export interface ElectorHandler {
  /** We lead, until the signal. */
  elected(term: AbortSignal): void
  /** The Lease could not be read or written; tries go on. */
  failed(error: KubeError): void
}

/** A Lease as the server last told it. */
interface Seen {
  readonly holder: string
  readonly object: JsonRecord
  readonly version: string
  /** When this version was first seen, by our own clock: clocks of others play no part. */
  readonly at: number
  /** How long the holder may be silent. */
  readonly duration: number
}

/**
 * Leader election by a Lease, as client-go does it: at most one candidate leads, as long as no monotonic clock runs one and
 * a half times as fast as another. A leader that cannot renew stops leading before anybody else begins.
 */
export class Elector {
  readonly #client: LeaseClient
  readonly #candidate: Candidate
  readonly #clock: Clock
  readonly #random: Random
  readonly #handler: ElectorHandler
  #seen: Seen | undefined
  /** Whether `#seen` is what the server has, as far as we know: then a write needs no read before it. */
  #fresh = false
  #term: AbortController | undefined
  /** The end of the term, unless it is renewed. */
  #end = -Infinity
  #stopTerm: (() => void) | undefined
  #memo: string | undefined
  readonly #remembering = new Set<(kept: boolean) => void>()
  #wake: (() => void) | undefined

  constructor(
    client: LeaseClient,
    candidate: Candidate,
    { clock, random }: { readonly clock: Clock; readonly random: Random },
    handler: ElectorHandler,
  ) {
    this.#client = client
    this.#candidate = candidate
    this.#clock = clock
    this.#random = random
    this.#handler = handler
  }

  /** Whether we lead at this moment. Asked before each write: a process that was held up hears of no signal in time. */
  get leads(): boolean {
    return this.#term !== undefined && this.#clock.now() < this.#end
  }

  /** What the last leader left. */
  get memo(): string {
    return this.#memo ?? memoOf(this.#seen?.object)
  }

  /** Leaves a word for the next leader. Resolves with true once the Lease has it, with false when the term ends before. */
  remember(memo: string): Promise<boolean> {
    if (!this.leads) return Promise.resolve(false)
    this.#memo = memo
    return new Promise((resolve) => {
      this.#remembering.add(resolve)
      this.#wake?.()
    })
  }

  /** Takes part until the signal; resolves once a Lease that was held is given back. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#attempt(signal)
      if (!signal.aborted) await this.#pause(signal)
    }
    await this.#release()
  }

  async #attempt(signal: AbortSignal): Promise<void> {
    const begun = this.#clock.now()
    try {
      if (!this.#fresh || this.#seen?.holder !== this.#candidate.identity) await this.#read(signal)
      if (this.#isTaken) return this.#endTerm()
      const remembering = [...this.#remembering]
      this.#see(await this.#write(signal))
      this.#lead(begun)
      for (const resolve of remembering) this.#forget(resolve, true)
    } catch (error) {
      this.#fresh = false
      if (signal.aborted) return
      if (!(error instanceof KubeError)) throw error
      if (error.status !== 409) this.#handler.failed(error)
    }
  }

  /** A Lease that is gone was perhaps deleted under its leader: what was seen of it counts on. */
  async #read(signal: AbortSignal): Promise<void> {
    try {
      this.#see(await this.#client.get(leases, this.#candidate.lease, signal))
      this.#fresh = true
    } catch (error) {
      if (!(error instanceof KubeError && error.status === 404)) throw error
      this.#fresh = false
    }
  }

  #see(object: JsonRecord): void {
    const version = textOf(recordOf(object['metadata'])['resourceVersion'])
    if (this.#seen?.version === version) return
    const { holderIdentity, leaseDurationSeconds: seconds } = recordOf(object['spec'])
    const own = typeof seconds === 'number' ? seconds * 1_000 : 0
    this.#fresh = true
    this.#seen = {
      holder: textOf(holderIdentity),
      object,
      version,
      at: this.#clock.now(),
      duration: Math.max(duration, own),
    }
  }

  /** Whether somebody else leads, or may still believe it. */
  get #isTaken(): boolean {
    return this.#expiry > this.#clock.now()
  }

  get #expiry(): number {
    const seen = this.#seen
    const free = seen === undefined || seen.holder === '' || seen.holder === this.#candidate.identity
    return free ? -Infinity : seen.at + seen.duration
  }

  #write(signal: AbortSignal): Promise<JsonRecord> {
    const { lease, identity } = this.#candidate
    const body = this.#bodyFor(identity, duration)
    if (!this.#fresh) return this.#client.create(leases, lease.namespace, body, signal)
    return this.#client.update(leases, lease, body, signal)
  }

  /** The Lease with another holder; its version has the server refuse it if somebody else was first. */
  #bodyFor(holder: string, ms: number): JsonRecord {
    const { namespace, name } = this.#candidate.lease
    const held = this.#fresh ? recordOf(this.#seen?.object) : {}
    const metadata = recordOf(held['metadata'])
    const spec = recordOf(held['spec'])
    const now = new Date(this.#clock.wall()).toISOString().replace('Z', '000Z')
    const changes = textOf(spec['holderIdentity']) !== holder && holder !== ''
    const transitions = typeof spec['leaseTransitions'] === 'number' ? spec['leaseTransitions'] : 0
    return {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: {
        ...metadata,
        namespace,
        name,
        annotations: { ...recordOf(metadata['annotations']), [memoAnnotation]: this.memo },
      },
      spec: {
        ...spec,
        holderIdentity: holder,
        leaseDurationSeconds: ms / 1_000,
        renewTime: now,
        ...(changes && { acquireTime: now, leaseTransitions: this.#fresh ? transitions + 1 : 0 }),
      },
    }
  }

  /** Renewed: as of when it was asked, which others cannot have heard of earlier. */
  #lead(begun: number): void {
    const end = begun + renewDeadline
    const now = this.#clock.now()
    if (now >= end) return this.#endTerm()
    this.#end = end
    this.#stopTerm?.()
    this.#stopTerm = this.#clock.after(end - now, () => this.#endTerm())
    if (this.#term !== undefined) return
    this.#term = new AbortController()
    this.#handler.elected(this.#term.signal)
  }

  #endTerm(): void {
    this.#stopTerm?.()
    this.#end = -Infinity
    this.#memo = undefined
    this.#term?.abort()
    this.#term = undefined
    for (const resolve of this.#remembering) this.#forget(resolve, false)
  }

  #forget(resolve: (kept: boolean) => void, kept: boolean): void {
    this.#remembering.delete(resolve)
    resolve(kept)
  }

  /** Until the next try is due, or the holder's time is over, or there is something to remember. */
  #pause(signal: AbortSignal): Promise<void> {
    if (this.#remembering.size > 0 && this.#fresh) return Promise.resolve()
    const usual = retryPeriod * (1 - leastCut - cutSpread * this.#random())
    const left = this.#expiry - this.#clock.now()
    return this.#sleep(left > 0 ? Math.min(usual, left) : usual, signal)
  }

  #sleep(ms: number, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const stop = this.#clock.after(ms, resolve)
    const wake = (): void => resolve()
    this.#wake = wake
    signal.addEventListener('abort', wake)
    return promise.finally(() => {
      stop()
      signal.removeEventListener('abort', wake)
    })
  }

  /** Gives the Lease back, so that another candidate need not wait. Writes have ended before. */
  async #release(): Promise<void> {
    const { leads } = this
    this.#endTerm()
    if (!leads) return
    const late = new AbortController()
    const stop = this.#clock.after(releaseLimit, () => late.abort())
    // A write that was cut off by the signal may have been the last one: only a read tells.
    await this.#giveBack(late.signal).catch(() => undefined)
    stop()
  }

  async #giveBack(signal: AbortSignal): Promise<void> {
    const { lease, identity } = this.#candidate
    await this.#read(signal)
    if (this.#fresh && this.#seen?.holder === identity)
      await this.#client.update(leases, lease, this.#bodyFor('', 1_000), signal)
  }
}

function memoOf(lease: JsonRecord | undefined): string {
  const { annotations } = recordOf(recordOf(lease)['metadata'])
  return textOf(recordOf(annotations)[memoAnnotation])
}

function recordOf(value: Json | undefined): JsonRecord {
  return isRecord(value) ? value : {}
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : ''
}
