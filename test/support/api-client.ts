import type { TestContext } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'

import { KubeClient, Reflector } from '../../src/kube/index.ts'
import type { Connection, Credentials, KubeError, Reflected } from '../../src/kube/index.ts'
import type { KindDescriptor } from '../../src/model/index.ts'
import { FakeApiServer } from './fake-api-server.ts'
import type { ApiCall, FakeObject } from './fake-api-server.ts'
import { FakeClock } from './fake-clock.ts'

export const ingresses: KindDescriptor = {
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'Ingress',
  plural: 'ingresses',
  namespaced: true,
}

/** Far more than any condition takes. */
const mostTurns = 200_000

/** A client of a fake API server, on a clock that stands still. Loading a kubeconfig is no part of it. */
export class ApiClient {
  readonly clock: FakeClock
  readonly client: KubeClient
  readonly #stop = new AbortController()
  /** Requests that were begun, and how often what was known of us was thrown away. */
  begun = 0
  forgotten = 0
  credentials = (): Promise<Credentials> => Promise.resolve({ headers: {}, tls: {}, agent: undefined })

  constructor(api: FakeApiServer, clock: FakeClock = new FakeClock()) {
    this.clock = clock
    const connection: Connection = {
      server: new URL(api.url),
      namespace: 'default',
      credentials: () => {
        this.begun++
        return this.credentials()
      },
      forget: () => void this.forgotten++,
    }
    this.client = new KubeClient(connection, this.clock, () => 0.5)
  }

  get signal(): AbortSignal {
    return this.#stop.signal
  }

  /** Resolves once `condition` holds; time passes only as far as it is needed. Rejects where that leads nowhere. */
  async until(condition: () => boolean, step = 100): Promise<void> {
    for (let turns = 0; !condition(); turns++) {
      if (turns > mostTurns) throw new Error(`not so after ${this.clock.now()} ms of the clock: ${String(condition)}`)
      await turn()
      if (turns % 20 === 19) this.clock.advance(step)
    }
  }

  /** Lets time pass, and what it brings happen. */
  async pass(ms: number): Promise<void> {
    this.clock.advance(ms)
    for (let turns = 0; turns < 20; turns++) await turn()
  }

  /** A reflector that runs until `close`. */
  reflect(target: Partial<Reflected> = {}): Reflecting {
    return new Reflecting(this, { kind: ingresses, scope: {}, optional: false, ...target })
  }

  close(): void {
    this.#stop.abort()
    this.client.close()
  }
}

/** A running reflector, with what it told. */
export class Reflecting {
  readonly reflector: Reflector
  readonly errors: KubeError[] = []
  changes = 0
  readonly #api: ApiClient

  constructor(api: ApiClient, target: Reflected) {
    const { client, clock, signal } = api
    this.#api = api
    this.reflector = new Reflector(
      target,
      client,
      { clock, random: () => 0.5 },
      { changed: () => void this.changes++, failed: (error) => void this.errors.push(error) },
    )
    void this.reflector.run(signal)
  }

  /** `namespace/name@version` of everything that is held, in the order of names. */
  get held(): string[] {
    return this.reflector
      .list()
      .map(({ ref, revision }) => `${ref.namespace}/${ref.name}@${revision}`)
      .toSorted()
  }

  get names(): string {
    return this.held.map((text) => text.replace(/^.*\/|@.*$/g, '')).join(' ')
  }

  /** Resolves once `condition` holds; time passes only as far as it is needed. */
  until(condition: () => boolean, step?: number): Promise<void> {
    return this.#api.until(condition, step)
  }

  /** Resolves once `condition` holds while time stands still. */
  async soon(condition: () => boolean): Promise<void> {
    while (!condition()) await turn()
  }
}

/** A fake API server, and a client of it on a clock that stands still; both end with the test. */
export async function startApi(t: TestContext): Promise<{ api: FakeApiServer; client: ApiClient }> {
  const api = new FakeApiServer()
  await api.start()
  const client = new ApiClient(api)
  api.now = () => client.clock.now()
  t.after(() => api.stop())
  t.after(() => client.close())
  return { api, client }
}

export function ingress(name: string, more: Readonly<Record<string, unknown>> = {}): FakeObject {
  return { kind: 'Ingress', metadata: { name, namespace: 'shop', ...more }, spec: {} }
}

/** Ingresses web-0, web-1 … */
export function fill(api: FakeApiServer, count: number): void {
  for (let at = 0; at < count; at++) api.put(ingress(`web-${at}`))
}

/** Resolves when the reflector has listed and watches. */
export async function synced(api: FakeApiServer, reflecting: Reflecting): Promise<void> {
  await reflecting.until(() => reflecting.reflector.counts.watches > 0 && api.watching > 0)
}

export function watches(api: FakeApiServer): ApiCall[] {
  return api.calls.filter(({ watch }) => watch)
}

export function lists(api: FakeApiServer): ApiCall[] {
  return api.calls.filter(({ watch }) => !watch)
}
