import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { kinds } from '../../src/compile/index.ts'
import type { Snapshot, SourceObject } from '../../src/model/index.ts'
import { ClusterSource } from '../../src/source/index.ts'
import type { SourceChange, WatchOptions } from '../../src/source/index.ts'
import { startApi } from './api-client.ts'
import type { ApiClient } from './api-client.ts'
import type { FakeApiServer, FakeObject } from './fake-api-server.ts'

const everything: WatchOptions = {
  namespaces: [],
  namespaceSelector: undefined,
  secrets: 'named',
  configMap: undefined,
  defaultCertificate: undefined,
  defaultBackend: undefined,
}

/** A source that runs, with all that it has given. */
export class Running {
  readonly changes: SourceChange[] = []
  readonly source: ClusterSource
  readonly #client: ApiClient

  constructor(
    client: ApiClient,
    options: Partial<WatchOptions>,
    judge: (secret: SourceObject) => boolean,
    continues: () => boolean = () => false,
  ) {
    this.#client = client
    this.source = new ClusterSource(
      { ...everything, ...options },
      {
        client: client.client,
        kinds,
        judge: (secret) => (judge(secret) ? undefined : { problem: 'is broken', hint: 'Mend it.' }),
        namedSecrets: secretsOf,
        continues,
        clock: client.clock,
        random: () => 0.5,
        failed: () => undefined,
      },
    )
    void this.#run(this.source)
  }

  async #run(source: ClusterSource): Promise<void> {
    for await (const change of source.changes(this.#client.signal)) this.changes.push(change)
  }

  /** Resolves with the first change, from now or before, for which `wanted` holds; time passes in small steps. */
  async change(wanted: (snapshot: Snapshot) => boolean): Promise<SourceChange> {
    await this.#client.until(() => this.changes.some(({ snapshot }) => wanted(snapshot)))
    const found = this.changes.find(({ snapshot }) => wanted(snapshot))
    assert.ok(found)
    return found
  }

  names(kind: string): string {
    return namesOf(this.changes.at(-1)?.snapshot, kind)
  }
}

/** `namespace/name` of all objects of a kind, in the order of names. */
export function namesOf(snapshot: Snapshot | undefined, kind: string): string {
  const names = snapshot
    ?.list(kind)
    .map(({ ref }) => (ref.namespace === '' ? ref.name : `${ref.namespace}/${ref.name}`))
  return names?.toSorted().join(' ') ?? ''
}

/** As compile does it, without its rules: what `spec.tls` names. */
function secretsOf(snapshot: Snapshot): Map<string, string> {
  return new Map(
    snapshot.list('Ingress').flatMap(({ ref, revision, value }) => {
      const { tls } = Object(value['spec']) as { tls?: { secretName: string }[] }
      return (tls ?? []).map(({ secretName }) => [`${ref.namespace}/${secretName}`, revision] as const)
    }),
  )
}

/** A source of a fake cluster with these objects. */
export async function startSource(
  t: TestContext,
  options: Partial<WatchOptions> = {},
  given: readonly FakeObject[] = [],
  judge: (secret: SourceObject) => boolean = () => true,
): Promise<{ api: FakeApiServer; client: ApiClient; running: Running }> {
  const { api, client } = await startApi(t)
  for (const object of given) api.put(object)
  return { api, client, running: new Running(client, options, judge) }
}

export function named(kind: string, name: string, namespace = 'shop'): FakeObject {
  return { kind, metadata: { name, namespace } }
}

export function space(name: string, more: object): FakeObject {
  return { kind: 'Namespace', metadata: { name, ...more } }
}
