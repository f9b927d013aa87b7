import assert from 'node:assert/strict'
import { before, test } from 'node:test'

import { renderAll, renderOverlay } from '../../deploy/render.ts'
import type { Manifest } from '../../deploy/render.ts'
import { makeTestCertificate } from '../../support/certificates.ts'
import { startLintel } from '../../support/lintel.ts'
import { readRequests } from '../support/audit.ts'
import type { Request } from '../support/audit.ts'
import type { Cluster } from '../support/cluster.ts'
import { makeObject } from '../support/objects.ts'
import { namespaceFolder } from '../support/own-namespace.ts'
import { untilTrue } from '../support/until.ts'

const leases = '/apis/coordination.k8s.io/v1/namespaces/lintel/leases'

/** Granted, and not used by a Lintel that has just started. */
const kept: Readonly<Record<string, string>> = {
  'patch events': 'a diagnostic that comes again is counted in its Event',
}

interface Rule {
  readonly resources: readonly string[]
  readonly verbs: readonly string[]
}

function grantsOf(manifests: readonly Manifest[]): Set<string> {
  const rules = manifests.flatMap(({ rules: own }) => (own ?? []) as readonly Rule[])
  return new Set(
    rules.flatMap(({ resources, verbs }) => resources.flatMap((what) => verbs.map((verb) => `${verb} ${what}`))),
  )
}

/** The API server has to write down what `installedUser` asks. */
export function install(cluster: Cluster): void {
  before(async () => {
    for (const name of ['lintel', 'team-a', 'ingress-nginx'])
      await cluster.admin.apply(makeObject('Namespace', name, undefined, {}))
  })

  for (const [name, manifests] of renderAll())
    test(`it would take every object of ${name}`, async () => {
      const strict = { dryRun: 'All', fieldValidation: 'Strict' }
      for (const manifest of manifests) await cluster.admin.apply(manifest, strict)
    })

  test('the namespace takes the pod of the Deployment, and none that may more', async () => {
    const [namespace] = renderOverlay('cloud').filter(({ kind }) => kind === 'Namespace')
    assert.ok(namespace !== undefined)
    await cluster.admin.apply(namespace)
    const [deployment] = renderOverlay('cloud').filter(({ kind }) => kind === 'Deployment')
    const { spec } = deployment as unknown as { spec: { template: { spec: object } } }
    const dryRun = { dryRun: 'All' }
    await cluster.admin.create(makeObject('Pod', 'one', 'lintel', { spec: spec.template.spec }), dryRun)
    const more = { ...spec.template.spec, hostNetwork: true }
    await assert.rejects(
      cluster.admin.create(makeObject('Pod', 'two', 'lintel', { spec: more }), dryRun),
      /violates PodSecurity/,
    )
  })

  test('Lintel is granted what it asks for, and nothing else', async (t) => {
    const rights = renderOverlay('cloud').filter(({ kind }) => /Role|IngressClass/.test(kind))
    for (const manifest of rights) await cluster.admin.apply(manifest)
    await cluster.admin.create(await secretFor('shop.test'))
    await cluster.admin.create(ingressFor('shop.test'))
    await untilGranted()
    const earlier = readRequests(namespaceFolder()).length
    const requests = (): readonly Request[] => readRequests(namespaceFolder()).slice(earlier)
    const access = ['--kubeconfig', cluster.kubeconfig('installed'), '--only-class', 'lintel']
    const flags = ['--publish-status-address', '192.0.2.1', '--drain-delay', '0s']
    const lintel = await startLintel([...access, ...flags], undefined, { environment: { POD_NAMESPACE: 'lintel' } })
    t.after(() => lintel.stop())
    const asked = (): Set<string> => new Set(requests().map(({ act }) => act))
    const needed = [...grantsOf(rights)].filter((act) => !(act in kept))
    const missing = (): string[] => needed.filter((act) => !asked().has(act))
    await untilTrue('every right is used', () => Promise.resolve(missing().length === 0)).catch(() => undefined)
    assert.deepEqual(missing(), [])
    assert.deepEqual(
      requests().filter(({ allowed }) => !allowed),
      [],
    )
  })

  /** The API server learns of roles a moment after it has stored them. */
  async function untilGranted(): Promise<void> {
    const lintel = cluster.clientOf('installed-token')
    const networking = ['ingresses', 'ingressclasses'].map((plural) => `/apis/networking.k8s.io/v1/${plural}`)
    const named = ['/api/v1/namespaces/default/secrets/shop', `${leases}/lintel-leader`]
    const others = ['/api/v1/services', '/apis/discovery.k8s.io/v1/endpointslices']
    for (const path of [...networking, ...named, ...others])
      await untilTrue(path, async () => (await lintel.ask('GET', path)).status !== 403)
    lintel.close()
  }

  test('beyond its rights it is refused', async () => {
    const lintel = cluster.clientOf('installed-token')
    for (const path of ['/api/v1/secrets', '/api/v1/nodes', '/api/v1/namespaces/lintel/pods'])
      assert.equal((await lintel.ask('GET', path)).status, 403, path)
    lintel.close()
  })
}

async function secretFor(host: string): Promise<Manifest> {
  const { chain, key } = await makeTestCertificate('shop', [host])
  const stringData = { 'tls.crt': chain, 'tls.key': key }
  return makeObject('Secret', 'shop', 'default', { type: 'kubernetes.io/tls', stringData })
}

/** Its Service is not there, which is worth an Event. */
function ingressFor(host: string): Manifest {
  const backend = { service: { name: 'shop', port: { number: 80 } } }
  const rules = [{ host, http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }]
  const tls = [{ hosts: [host], secretName: 'shop' }]
  return makeObject('Ingress', 'shop', 'default', { spec: { ingressClassName: 'lintel', rules, tls } })
}
