import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'

import { readFlags } from '../../../src/cli/flags.ts'
import { serve, readServeOptions } from '../../../src/cli/serve.ts'
import { openAdmission } from '../../../src/control-admission.ts'
import { openSource } from '../../../src/open-source.ts'
import type { OpenedSource } from '../../../src/open-source.ts'
import type { ServeOptions } from '../../../src/serve-options.ts'
import { renderWith } from '../../deploy/render.ts'
import type { Manifest } from '../../deploy/render.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import type { Lintel } from '../../support/lintel.ts'
import type { ApiAnswer } from '../support/api-client.ts'
import { lintelUser } from '../support/cluster.ts'
import type { Cluster } from '../support/cluster.ts'
import { FaultProxy } from '../support/fault-proxy.ts'
import { makeObject } from '../support/objects.ts'
import { claim, startReplica } from '../support/replica.ts'
import { pathOf } from '../support/resources.ts'
import type { KubeObject, Place } from '../support/resources.ts'
import { untilTrue } from '../support/until.ts'

const day = 24 * 3_600_000
/** The namespace, the class, and the name of everything of the webhook. */
const own = 'reviews'
const podAddress = '10.244.255.9'
const ingresses = pathOf({ kind: 'Ingress', namespace: own })
const service = { name: 'web', port: { number: 80 } }

function ingressFor(name: string, path = `/${name}`, backend: object = { service }): KubeObject {
  const rules = [{ host: 'web.test', http: { paths: [{ path, pathType: 'Prefix', backend }] } }]
  return makeObject('Ingress', name, own, { spec: { ingressClassName: own, rules } })
}

const bad = (name: string): KubeObject =>
  ingressFor(name, `/${name}`, { resource: { apiGroup: 'a.test', kind: 'Bucket', name: 'files' } })

/** The API server has to find endpoints by itself: `--enable-aggregator-routing`. It asks by what `deploy/` installs. */
export function admission(cluster: Cluster): void {
  before(async () => {
    await claim(cluster, own)
    for (const manifest of installed()) await cluster.admin.apply(manifest)
    await cluster.admin.create(makeObject('Service', 'web', own, { spec: { ports: [{ port: 80 }] } }))
  })

  /** The pod behind the Service: whatever listens on this port of loopback. */
  async function standAt(port: number): Promise<FaultProxy> {
    const proxy = new FaultProxy(port, { host: podAddress })
    await proxy.open()
    const metadata = { labels: { 'kubernetes.io/service-name': own } }
    const slice = makeObject('EndpointSlice', own, own, {
      addressType: 'IPv4',
      endpoints: [{ addresses: [podAddress] }],
      ports: [{ name: 'admission', port: proxy.port }],
    })
    await cluster.admin.apply({ ...slice, metadata: { ...slice.metadata, ...metadata } })
    return proxy
  }

  const create = (object: KubeObject, query = ''): Promise<ApiAnswer> =>
    cluster.admin.ask('POST', `${ingresses}${query}`, object)

  const patch = async (place: Place, change: object): Promise<number> =>
    (await cluster.admin.ask('PATCH', pathOf(place), change, 'application/merge-patch+json')).status

  /** By one that serves nothing, and so it says. */
  const isAsked = async (): Promise<boolean> =>
    warningOf(await create(ingressFor('asked'), '?dryRun=All')).includes('not read the cluster yet')

  /** The API server learns of bundle and endpoints a moment after it has stored them. */
  const untilAsked = (): Promise<void> =>
    untilTrue('reviews are asked for', async () => (await create(bad('probe'), '?dryRun=All')).status === 422)

  describe('of a running Lintel', () => {
    let lintel: Lintel
    let proxy: FaultProxy
    before(async () => {
      const flags = ['--workers', '1', '--drain-delay', '0s', '--watch-namespace', own, '--update-status=false']
      const reviews = ['--admission-webhook', '--admission-name', own, '--admission-port', '0']
      lintel = await startReplica(cluster, own, [...flags, ...reviews], { environment: { POD_NAMESPACE: own } })
      proxy = await standAt(lintel.admissionPort)
      await untilAsked()
    })
    after(async () => {
      await proxy.close()
      await lintel.stop()
    })

    test('refuses, warns, and is silent, as test/features/admission.md says', async () => {
      const refused = await create(bad('refused'))
      assert.equal(refused.status, 422)
      const { message, reason } = refused.body as { message: string; reason: string }
      assert.equal(reason, 'Invalid')
      assert.match(
        message,
        /^admission webhook "ingresses.lintel.dev" denied the request: ResourceBackend: spec\.rules/,
      )
      const good = await create(ingressFor('good'))
      assert.deepEqual([good.status, good.headers['warning']], [201, undefined])
      const lost = await create(ingressFor('lost', '/lost', { service: { ...service, name: 'gone' } }))
      assert.deepEqual([lost.status, /ServiceNotFound: .*no Service gone/.test(warningOf(lost))], [201, true])
      await untilTrue('the conflict is known', async () =>
        warningOf(await create(ingressFor('second', '/good'), '?dryRun=All')).includes('PathConflict'),
      )
      const second = await create(ingressFor('second', '/good'))
      assert.match(warningOf(second), /PathConflict: .*served by Ingress reviews\/good/)
      assert.equal(second.status, 201)
      const foreign = bad('foreign')
      const spec = { ...(foreign['spec'] as object), ingressClassName: 'other' }
      const passed = await create({ ...foreign, spec })
      assert.deepEqual([passed.status, passed.headers['warning']], [201, undefined])
      const removed = await cluster.admin.ask('DELETE', `${ingresses}/second`)
      assert.equal(removed.status, 200)
    })

    test('while no Lintel can be reached, everything is stored', async () => {
      await proxy.close()
      assert.equal((await create(bad('unseen'))).status, 201)
      await proxy.open()
    })

    test('what was stored unseen can still be edited, but not be made worse', async () => {
      const place = { kind: 'Ingress', namespace: own, name: 'unseen' }
      const { spec } = bad('worse') as unknown as { spec: { rules: object[] } }
      // As soon as Lintel has heard of it.
      const labels = { team: 'a' }
      await untilTrue('it is edited', async () => (await patch(place, { metadata: { labels } })) === 200)
      await assert.rejects(cluster.admin.patch(place, { spec: { defaultBackend: bucketOf(spec) } }), /ResourceBackend/)
    })
  })

  test('a certificate that nears its end is renewed without a restart, and the API server goes on asking', async (t) => {
    const clock = new FakeClock()
    clock.advance(Date.now() - 80 * day)
    const [options, stop] = [await optionsOf(cluster), new AbortController()]
    await cluster.admin.remove({ kind: 'Secret', namespace: own, name: own })
    const listening = { address: '127.0.0.1', httpPort: 0, httpsPort: 0, adminPort: 0, admissionPort: 9_443 }
    const message = { type: 'start', options, listening, pipes: [], descriptors: {}, announced: false } as const
    const opener = openAdmission(message, clock, (text) => t.diagnostic(text))
    const opened: OpenedSource = await openSource(options, {
      namedSecrets: () => new Map(),
      failed: () => undefined,
      missed: () => undefined,
    })
    t.after(() => {
      stop.abort()
      opener?.close()
      opened.client?.close()
    })
    const proxy = await standAt(9_443)
    t.after(() => proxy.close())
    opener?.opened(opened, stop.signal)
    await untilTrue('it is asked', isAsked)
    const first = opener?.facts.certificateEnd ?? 0
    clock.stall(80 * day)
    await untilTrue('the certificate is another one', () =>
      Promise.resolve((opener?.facts.certificateEnd ?? 0) > first + 79 * 24 * 3_600),
    )
    const { connections } = proxy
    proxy.cut()
    await untilTrue('it is asked again', isAsked)
    assert.ok(proxy.connections > connections, 'by a new handshake')
  })
}

function warningOf({ headers }: ApiAnswer): string {
  return headers['warning'] ?? ''
}

function bucketOf({ rules }: { readonly rules: readonly object[] }): object {
  const [rule] = rules as readonly { readonly http: { readonly paths: readonly { readonly backend: object }[] } }[]
  return rule?.http.paths[0]?.backend ?? {}
}

/** The component of `deploy/`, under another name, for the user of the tests and one namespace alone. */
function installed(): Manifest[] {
  const text = JSON.stringify(renderWith('cloud', ['secrets-named', 'admission-webhook']).filter(isOfComponent))
  const renamed = text
    .replaceAll('"lintel-admission"', `"${own}"`)
    .replaceAll('"namespace":"lintel"', `"namespace":"${own}"`)
  const subjects = [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: lintelUser }]
  const namespaceSelector = { matchLabels: { 'kubernetes.io/metadata.name': own } }
  return (JSON.parse(renamed) as Manifest[]).map(({ ...manifest }) => ({
    ...manifest,
    ...(manifest.kind.endsWith('Binding') && { subjects }),
    ...(Array.isArray(manifest['webhooks']) && {
      webhooks: manifest['webhooks'].map((webhook: object) => ({ ...webhook, namespaceSelector })),
    }),
  }))
}

function isOfComponent({ metadata }: Manifest): boolean {
  return metadata.name === 'lintel-admission'
}

async function optionsOf(cluster: Cluster): Promise<ServeOptions> {
  const given = readFlags(['--kubeconfig', cluster.kubeconfig('lintel'), '--admission-webhook'], serve.flags)
  const terminal = { print: () => undefined, complain: () => undefined, input: (async function* () {})() }
  const options = await readServeOptions(given, terminal)
  return { ...options, admission: options.admission && { ...options.admission, name: own, namespace: own } }
}
