import assert from 'node:assert/strict'
import { test } from 'node:test'

import { ask } from '../support/http-client.ts'
import { startLintel } from '../support/lintel.ts'
import { startRecorder } from '../support/recorder.ts'

/** As it stands, without Services, Secrets or an IngressClass beside it. */
const shop = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: shop, namespace: default }
spec:
  ingressClassName: nginx
  tls:
  - hosts: [api.example.com]
    secretName: api-tls-secret
  rules:
  - http: &paths
      paths:
      - { path: /, pathType: Prefix, backend: { service: { name: frontend-svc, port: { number: 80 } } } }
      - { path: /api, pathType: Prefix, backend: { service: { name: api-svc, port: { number: 8080 } } } }
      - { path: /admin, pathType: Prefix, backend: { service: { name: admin-svc, port: { number: 3000 } } } }
  - host: api.example.com
    http: *paths
`

test('--backend takes the place of Services that are not there, for an Ingress from standard input', async (t) => {
  const services = ['frontend-svc:80', 'api-svc:8080', 'admin-svc']
  const recorders = await Promise.all(services.map(startRecorder))
  t.after(() => Promise.all(recorders.map((recorder) => recorder.close())))
  const flags = services.flatMap((name, at) => ['--backend', `${name}=127.0.0.1:${recorders[at]?.port}`])
  const lintel = await startLintel(['--workers', '1', ...flags, '-'], shop)
  t.after(() => lintel.stop())
  const ports = { http: lintel.httpPort, https: lintel.httpsPort }
  const table: readonly (readonly [url: string, recorder: number])[] = [
    ['https://localhost/', 0],
    ['https://localhost/apix', 0],
    ['https://localhost/api', 1],
    ['https://localhost/api/v2/orders', 1],
    ['https://localhost/admin', 2],
    ['https://api.example.com/api/users', 1],
    ['https://api.example.com/administrator', 0],
  ]
  for (const [url, at] of table) {
    const before = recorders.map(({ requests }) => requests.length)
    // oxlint-disable-next-line no-await-in-loop -- what was received belongs to one request
    const { status, body } = await ask(ports, { method: 'GET', url })
    assert.deepEqual([status, body], [200, 'recorded\n'], url)
    const received = recorders.map(({ requests }, index) => requests.length - (before[index] ?? 0))
    assert.deepEqual(
      received,
      recorders.map((_, index) => Number(index === at)),
      url,
    )
  }
  assert.match(lintel.errors(), /SecretNotFound/)
})
