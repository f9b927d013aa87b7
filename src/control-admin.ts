import { AdminServer, readProcessFacts } from './admin/index.ts'
import type { ClusterFacts, Facts, TableFacts } from './admin/index.ts'
import { AskedWrongly, readAsked, wordsOf } from './asked-url.ts'
import type { Assembled } from './assembly.ts'
import type { Clock } from './base/index.ts'
import { expiredCertificates } from './compile/index.ts'
import type { ControlAdmission } from './control-admission.ts'
import type { Fleet } from './fleet/index.ts'
import type { OpenedSource } from './open-source.ts'
import type { Publisher } from './publish/index.ts'
import { settingsOf } from './serve-options.ts'
import type { StartMessage } from './serve-options.ts'
import { listenOn } from './serve/index.ts'
import { tell } from './tell.ts'

interface Served {
  readonly assembled: Assembled
  readonly version: number
  /** Milliseconds since the epoch. */
  readonly at: number
}

/** What control knows by. */
export interface KnownParts {
  readonly fleet: Fleet
  readonly admission: ControlAdmission | undefined
  readonly clock: Clock
}

/** Joins the admin server with what control knows: fleet, table and source. */
export class ControlAdmin {
  readonly #start: StartMessage
  readonly #fleet: Fleet
  readonly #admission: ControlAdmission | undefined
  readonly #clock: Clock
  readonly #server: AdminServer
  #served: Served | undefined
  #opened: OpenedSource | undefined
  #publisher: Pick<Publisher, 'leads'> | undefined
  #draining = false

  constructor(start: StartMessage, { fleet, admission, clock }: KnownParts) {
    this.#start = start
    this.#fleet = fleet
    this.#admission = admission
    this.#clock = clock
    this.#server = new AdminServer({ facts: () => this.#facts, explain: (query) => this.#explain(query) })
  }

  /** Resolves also where there is no admin port, or it cannot be listened on: traffic does not depend on it. */
  async listen(): Promise<void> {
    const { listening, descriptors } = this.#start
    const { address, adminPort: port } = listening
    if (port === undefined) return
    try {
      await this.#server.listen(listenOn({ address, port }, descriptors.admin?.[0]))
    } catch (error) {
      console.error(`lintel: admin port ${port}: ${String(error)}`)
    }
  }

  opened(opened: OpenedSource, publisher: Pick<Publisher, 'leads'> | undefined): void {
    this.#opened = opened
    this.#publisher = publisher
  }

  /** All workers have it. */
  published(assembled: Assembled, version: number): void {
    this.#served = { assembled, version, at: this.#clock.wall() }
  }

  /** The end has been announced: not ready from now on, for whoever balances. */
  drain(): void {
    this.#draining = true
  }

  get #facts(): Facts {
    return {
      ready: this.#fleet.serving && !this.#draining,
      process: readProcessFacts(),
      wanted: this.#start.options.workers,
      workers: this.#fleet.workers,
      table: this.#served === undefined ? undefined : this.#tableFacts(this.#served),
      cluster: this.#clusterFacts,
      admission: this.#admission?.facts,
    }
  }

  #tableFacts({ assembled, version, at }: Served): TableFacts {
    const { accepted, refused, diagnostics, compilation } = assembled
    return {
      version,
      published: at / 1_000,
      accepted: accepted.length,
      refused: refused.length,
      diagnostics: [...diagnostics, ...expiredCertificates(compilation, this.#clock.wall())],
    }
  }

  get #clusterFacts(): ClusterFacts | undefined {
    if (this.#opened?.client === undefined) return undefined
    const { client, reflectors, secrets } = this.#opened
    const silenceOf = (heard: number | undefined): number | undefined =>
      heard === undefined ? undefined : (this.#clock.now() - heard) / 1_000
    const named = secrets()
    const watches = reflectors.map(({ target, synced, heard, counts }) => ({
      ...counts,
      kind: target.kind.kind,
      namespace: target.scope.namespace ?? '',
      synced,
      silence: silenceOf(heard),
    }))
    return {
      well: !client.pace.ill,
      leads: this.#publisher?.leads,
      watches,
      secrets: named && { ...named, silence: silenceOf(named.heard) },
    }
  }

  #explain(query: URLSearchParams): { readonly status: number; readonly told: unknown } {
    if (this.#served === undefined) return { status: 503, told: { error: 'there is no table yet' } }
    const ports = settingsOf(this.#start.options, this.#start.listening)
    try {
      const asked = readAsked(wordsOf(query), { ports, trustedProxies: ports.trustedProxies })
      return { status: 200, told: tell(this.#served.assembled, asked) }
    } catch (error) {
      if (!(error instanceof AskedWrongly)) throw error
      return { status: 400, told: { error: error.message } }
    }
  }
}
