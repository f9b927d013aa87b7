import type { TestContext } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'

import { kinds } from '../../src/compile/index.ts'
import { identify } from '../../src/kube/index.ts'
import { diagnose } from '../../src/model/index.ts'
import type { Diagnostic, DiagnosticCode, Json, ObjectRef, Snapshot } from '../../src/model/index.ts'
import { Publisher } from '../../src/publish/index.ts'
import type { PublishOptions } from '../../src/publish/index.ts'
import { ApiClient } from './api-client.ts'
import { FakeApiServer } from './fake-api-server.ts'
import type { ApiCall, FakeObject } from './fake-api-server.ts'
import { FakeClock } from './fake-clock.ts'

const step = 100

/** A replica that publishes: what it serves is what the API server has, where the test says so. */
export class Replica {
  readonly told: string[] = []
  readonly publisher: Publisher
  readonly ended: Promise<void>
  readonly #client: ApiClient
  readonly #stop = new AbortController()

  constructor(api: FakeApiServer, clock: FakeClock, options: Partial<PublishOptions>) {
    this.#client = new ApiClient(api, clock)
    this.publisher = new Publisher(
      {
        namespaces: [],
        electionId: 'lintel-leader',
        podNamespace: undefined,
        podName: undefined,
        addresses: [],
        service: undefined,
        internalAddresses: false,
        ...options,
      },
      {
        client: this.#client.client,
        clock,
        random: () => 0.5,
        failed: (what, error, about) => void this.told.push([what, about, error.status].filter(Boolean).join(': ')),
        lacking: ({ code }) => void this.told.push(code),
      },
    )
    this.ended = this.publisher.run(this.#stop.signal)
  }

  /** As on SIGTERM: the lead is given back. */
  stop(): void {
    this.#stop.abort()
  }

  /** As a process that is killed. */
  kill(): void {
    this.#client.client.close()
    this.#client.credentials = () => new Promise(() => undefined)
  }
}

/** Replicas before a fake API server, on one clock. Everything is acknowledged as soon as it is there. */
export class Installation {
  readonly api: FakeApiServer = new FakeApiServer()
  readonly clock: FakeClock = new FakeClock()
  readonly replicas: Replica[] = []
  /** Names of the Ingresses that are served. */
  readonly served: Set<string> = new Set()
  diagnostics: readonly Diagnostic[] = []
  /** Names of Ingresses whose namespace does not count. */
  readonly #outside = new Set<string>()
  #snapshot: { readonly version: number; readonly snapshot: Snapshot } | undefined

  start(options: Partial<PublishOptions> = { addresses: ['192.0.2.1'] }): Replica {
    const replica = new Replica(this.api, this.clock, options)
    this.replicas.push(replica)
    return replica
  }

  /** Lets time pass, and what it brings happen. */
  async pass(ms: number, by: number = step): Promise<void> {
    for (let passed = 0; passed < ms; passed += by) {
      this.clock.advance(by)
      for (let turns = 0; turns < 12; turns++) await turn()
      this.look()
    }
  }

  /** Resolves once `condition` holds. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await this.pass(step)
  }

  /** Every replica is told of what is served. */
  look(): void {
    const refs = [...this.served].map((name) => ({ kind: 'Ingress', namespace: 'shop', name }))
    const served = { snapshot: this.snapshot, compilation: { accepted: refs }, diagnostics: this.diagnostics }
    for (const { publisher } of this.replicas) publisher.serve(served)
  }

  /** The namespace of an Ingress no longer counts. */
  leave(name: string): void {
    this.#outside.add(name)
    this.#snapshot = undefined
    this.served.delete(name)
  }

  /** The entries that an Ingress shows, as text. */
  shown(name: string): string {
    const found = this.api.objects('Ingress').find(({ metadata }) => metadata.name === name)
    const { ingress = [] } = Object((found?.['status'] as FakeObject | undefined)?.['loadBalancer']) as {
      ingress?: object[]
    }
    return ingress.flatMap((entry) => Object.values(entry)).join(' ')
  }

  /** Writes of everything but the Lease. */
  get writes(): ApiCall[] {
    return this.api.calls.filter(({ method, resource }) => method !== 'GET' && !resource.startsWith('leases'))
  }

  get snapshot(): Snapshot {
    const { version } = this.api
    if (this.#snapshot?.version !== version) this.#snapshot = { version, snapshot: snapshotOf(this.api, this.#outside) }
    return this.#snapshot.snapshot
  }
}

export async function startInstallation(t: TestContext): Promise<Installation> {
  const installation = new Installation()
  await installation.api.start()
  installation.api.now = () => installation.clock.now()
  t.after(async () => {
    for (const replica of installation.replicas) replica.kill()
    await installation.api.stop()
  })
  return installation
}

export function diagnosticOn(ref: ObjectRef, code: DiagnosticCode, message: string, field = 'spec'): Diagnostic {
  return diagnose(code, { object: ref, field }, { message, hint: 'Mend it.' })
}

function snapshotOf(api: FakeApiServer, outside: ReadonlySet<string>): Snapshot {
  const lists = new Map(
    kinds.map((kind) => [
      kind.kind,
      api.objects(kind.kind).flatMap((object) => identify(kind, JSON.parse(JSON.stringify(object)) as Json) ?? []),
    ]),
  )
  const seenIngresses = lists.get('Ingress') ?? []
  const listed = seenIngresses.filter(({ ref }) => !outside.has(ref.name))
  lists.set('Ingress', listed)
  return { list: (kind) => lists.get(kind) ?? [], seenIngresses, diagnostics: [], locate: () => undefined }
}
