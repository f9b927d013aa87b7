import assert from 'node:assert/strict'
import { test } from 'node:test'

import { plainClient, requestHead, tlsClient } from '../../test/support/request-head.ts'
import { defaultRoute, hostTable, routeTable } from '../../test/support/route-table.ts'
import type { Answer } from '../model/index.ts'
import { explain } from './explain.ts'
import { RouterBuilder } from './router.ts'

const ports = { publicHttpPort: 80, publicHttpsPort: 443 }
const table = routeTable([hostTable('a.test', [{ type: 'Prefix', path: '/api', to: 'api-svc' }])])
const router = new RouterBuilder().build(table)
const passes = (): undefined => undefined

test('explain() names the rule, the Service and the head that goes upstream', () => {
  const request = requestHead('a.test', '/api/x?y', { dropped: [{ name: 'X-Real-IP', reason: 'managed' }] })
  const { upstreamHead, steps, ...rest } = explain(router, { request, client: plainClient, ports }, passes)
  assert.deepEqual(rest, {
    outcome: 'route',
    ingress: { namespace: 'default', name: 'test' },
    rule: { host: 'a.test', path: '/api', pathType: 'Prefix' },
    service: { namespace: 'default', name: 'api-svc', port: '80' },
  })
  assert.match(upstreamHead ?? '', /^GET \/api\/x\?y HTTP\/1\.1\r\nHost: a\.test\r\nX-Request-ID: <generated>\r\n/)
  assert.deepEqual(
    steps.map(({ step, outcome }) => `${step} ${outcome}`),
    ['listener http', 'host a.test', 'rule chosen', 'guard passed', 'field dropped'],
  )
})

test('explain() shows the request id that the client gave', () => {
  const request = requestHead('a.test', '/api', { requestId: 'abc' })
  assert.match(
    explain(router, { request, client: plainClient, ports }, passes).upstreamHead ?? '',
    /\r\nX-Request-ID: abc\r\n/,
  )
})

test('explain() of a request without a route is an answer, with nothing that does not apply', () => {
  const request = requestHead('a.test', '/')
  const { steps, ...rest } = explain(router, { request, client: tlsClient, ports }, passes)
  assert.deepEqual(rest, { outcome: 'answer', status: 404, answer: { reason: 'NoRoute' } })
  assert.deepEqual(steps[0], { step: 'listener', outcome: 'https', reason: 'the handshake named a.test' })
})

test('explain() tells a redirect from other answers of a route', () => {
  const request = requestHead('a.test', '/api')
  const told = (answer: Answer): string => {
    const { outcome, status, ingress, upstreamHead } = explain(
      router,
      { request, client: plainClient, ports },
      () => answer,
    )
    assert.equal(upstreamHead, undefined)
    return `${outcome} ${status} ${ingress?.name}`
  }
  assert.equal(told({ reason: 'HttpsRedirect', fields: [['Location', 'https://a.test/api']] }), 'redirect 308 test')
  assert.equal(told({ reason: 'GuardNotServed' }), 'answer 503 test')
})

test('explain() of a route without a Service has none', () => {
  const refused = { ...defaultRoute('x'), targets: [], refusal: 'ServiceNotFound' as const }
  const question = { request: requestHead('b.test', '/'), client: plainClient, ports }
  const told = explain(new RouterBuilder().build(routeTable([], refused)), question, (route) =>
    route.refusal === undefined ? undefined : { reason: route.refusal },
  )
  assert.equal(told.service, undefined)
  assert.equal(told.status, 503)
})

test('explain() names what a route passed through, and a handshake without a name', () => {
  const route = { ...defaultRoute('a'), middleware: [{ name: 'hsts', config: {} }] }
  const question = { request: requestHead('b.test', '/'), client: { ...tlsClient, sni: undefined }, ports }
  const { steps } = explain(new RouterBuilder().build(routeTable([], route)), question, passes)
  assert.equal(steps[0]?.reason, 'the handshake named no host')
  assert.equal(steps.find(({ step }) => step === 'guard')?.reason, 'passed hsts')
})
