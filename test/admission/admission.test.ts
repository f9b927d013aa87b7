import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'

import { post, printAsked, putConfiguration, readResponse, trustedBy } from '../support/admission.ts'
import type { ReviewResponse } from '../support/admission.ts'
import { startFakeCluster, putRoute } from '../support/fake-cluster.ts'
import type { FakeCluster } from '../support/fake-cluster.ts'
import { startLintel } from '../support/lintel.ts'
import type { Lintel } from '../support/lintel.ts'

function ingressOf(name: string, host: string, path = '/'): object {
  const paths = [{ path, pathType: 'Prefix', backend: { service: { name: 'web', port: { number: 80 } } } }]
  const metadata = { name, namespace: 'shop', uid: name, creationTimestamp: '2026-11-01T00:00:00Z' }
  const spec = { ingressClassName: 'lintel', rules: [{ host, http: { paths } }] }
  return { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata, spec }
}

suite('a running Lintel reviews', { timeout: 60_000 }, () => {
  let cluster: FakeCluster
  let lintel: Lintel
  before(async () => {
    cluster = await startFakeCluster()
    putRoute(cluster.api, { name: 'web', host: 'web.test', port: 1 })
    putConfiguration(cluster.api)
    const flags = ['--workers', '1', '--allow-loopback-endpoints', '--admission-webhook', '--admission-port', '0']
    lintel = await startLintel(['--kubeconfig', cluster.kubeconfig, ...flags])
    await cluster.api.until(() => trustedBy(cluster.api) !== '')
  })
  after(async () => {
    await lintel.stop()
    await cluster.close()
  })

  async function review(object: object): Promise<ReviewResponse> {
    const { status, body } = await post(lintel.admissionPort, trustedBy(cluster.api), printAsked({ object }))
    assert.equal(status, 200, body)
    return readResponse(body)
  }

  test('of a Secret that nobody has read yet nothing is said, and how reviews ended is counted', async () => {
    const { spec, ...rest } = ingressOf('secure', 'secure.test') as { spec: object }
    const tls = [{ hosts: ['secure.test'], secretName: 'later' }]
    assert.deepEqual(await review({ ...rest, spec: { ...spec, tls } }), { uid: 'u-1', allowed: true })
    const metrics = await (await fetch(`http://127.0.0.1:${lintel.adminPort}/metrics`)).text()
    assert.match(metrics, /^lintel_admission_reviews_total\{outcome="allowed"\} [1-9]/m)
    assert.match(metrics, /^lintel_admission_certificate_end_timestamp_seconds \d{10}/m)
  })
})
