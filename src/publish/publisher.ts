import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'

import type { Clock } from '../base/index.ts'
import { Elector } from '../kube/index.ts'
import type { KubeClient, KubeError, ObjectName, Random } from '../kube/index.ts'
import { diagnose } from '../model/index.ts'
import type { Diagnostic } from '../model/index.ts'
import type { AddressStages } from './address-source.ts'
import { chooseAddresses } from './choose-addresses.ts'
import { EventWriter } from './event-writer.ts'
import { fieldManagerOf } from './field-manager.ts'
import type { PublishOptions } from './publish-options.ts'
import type { Served } from './served.ts'
import { StatusWriter } from './status-writer.ts'
import type { WriterStages } from './status-writer.ts'

export interface PublisherStages {
  readonly client: KubeClient
  readonly clock: Clock
  readonly random: Random
  /** Told of each refusal: what it was that was refused, and of which object, if of one. */
  readonly failed: (what: string, error: KubeError, about?: string) => void
  /** Told once of what the options lack. */
  readonly lacking: (diagnostic: Diagnostic) => void
}

/** A term: what is told to the cluster, as long as we lead. */
interface Term {
  readonly statuses: StatusWriter | undefined
  readonly events: EventWriter
}

/** Tells a cluster what is served: statuses and events, by whichever replica leads. */
export class Publisher {
  readonly #options: PublishOptions
  readonly #stages: PublisherStages
  readonly #identity = `${hostname()}_${randomBytes(8).toString('hex')}`
  readonly #lease: ObjectName
  /** By which our writes are known: that of the Lease. */
  readonly #manager: string
  readonly #elector: Elector
  #served: Served | undefined
  #term: Term | undefined
  #terms = 0

  constructor(options: PublishOptions, stages: PublisherStages) {
    const { client } = stages
    const lease = { namespace: options.podNamespace ?? client.namespace, name: options.electionId }
    this.#options = options
    this.#stages = stages
    this.#lease = lease
    this.#manager = fieldManagerOf(lease)
    this.#elector = new Elector(client, { lease, identity: this.#identity }, stages, {
      elected: (term) => this.#begin(term),
      failed: (error) => stages.failed('leader election', error),
    })
  }

  /** Whether we lead, for metrics. */
  get leads(): boolean {
    return this.#elector.leads
  }

  /** Takes part until the signal; resolves once the lead is given back. */
  run(signal: AbortSignal): Promise<void> {
    return this.#elector.run(signal)
  }

  /** Told of each version that every worker has acknowledged. */
  serve(served: Served): void {
    this.#served = served
    this.#tell(served)
  }

  /** Each term begins without memory: what there is to do follows from what is served and what is there. */
  #begin(signal: AbortSignal): void {
    const stagesOf = (what: string): AddressStages & WriterStages => ({
      ...this.#stages,
      leadership: this.#elector,
      signal,
      failed: (error, about?: string) => this.#stages.failed(what, error, about),
    })
    const addresses = chooseAddresses(this.#options, stagesOf('the addresses for statuses'))
    if (addresses === undefined && this.#terms++ === 0) this.#stages.lacking(addressUnknown(this.#lease))
    this.#term = {
      statuses: addresses && new StatusWriter(addresses, this.#manager, stagesOf('statuses')),
      events: new EventWriter(this.#identity, this.#options.namespaces, stagesOf('events')),
    }
    if (this.#served !== undefined) this.#tell(this.#served)
  }

  #tell(served: Served): void {
    this.#term?.statuses?.serve(served)
    this.#term?.events.serve(served)
  }
}

function addressUnknown(lease: ObjectName): Diagnostic {
  const place = { object: { kind: 'Lease', ...lease }, field: '' }
  return diagnose('StatusAddressUnknown', place, {
    message: 'no status of an Ingress is written: nothing says at which addresses clients reach Lintel',
    hint: '--publish-service or --publish-status-address says it; nodes are taken where POD_NAME and POD_NAMESPACE are set.',
  })
}
