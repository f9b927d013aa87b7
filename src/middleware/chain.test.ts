import assert from 'node:assert/strict'
import { test } from 'node:test'

import { plainClient, requestHead, tlsClient } from '../../test/support/request-head.ts'
import { defaultRoute } from '../../test/support/route-table.ts'
import type { ResponseHead } from '../http/index.ts'
import type { Client, MiddlewareUse, Route } from '../model/index.ts'
import { Chains } from './chain.ts'
import { defineMiddleware } from './define-middleware.ts'
import type { Asked, Middleware } from './define-middleware.ts'
import { hsts, httpsRedirect, middlewares } from './index.ts'

const head: ResponseHead = {
  status: 200,
  minor: 1,
  phrase: 'OK',
  lines: 'A: 1\r\nstrict-transport-security: max-age=1\r\nB: 2\r\n',
  dropped: [],
  bodyLength: 0,
  declaredLength: 0,
  persistent: true,
  keepAliveTimeout: undefined,
  server: undefined,
  hasDate: true,
  websocket: false,
}

function asked(client: Client): Asked {
  return { request: requestHead('a.test', '/x'), client, publicHttpsPort: 443 }
}

function routeWith(...middleware: readonly MiddlewareUse[]): Route {
  return { ...defaultRoute('x'), middleware }
}

/** Adds its configuration to the answer, and answers a request itself if told so. */
function marker(name: string): Middleware<{ readonly text: string; readonly answers: boolean }> {
  return defineMiddleware(name, {
    onRequest: (_, { answers }) => (answers ? { reason: 'BadRequest', fields: [['By', name]] } : undefined),
    onResponse: (_, last, { text }) => ({ ...last, lines: `${last.lines}${text}` }),
  })
}

test('a chain runs in the order of the route, and the first answer ends it', () => {
  const [first, second] = [marker('first'), marker('second')]
  const chains = new Chains([first, second])
  const both = routeWith(first.use({ text: '1', answers: false }), second.use({ text: '2', answers: true }))
  assert.deepEqual(chains.onRequest(both, asked(plainClient))?.fields, [['By', 'second']])
  assert.equal(chains.onResponse(both, asked(plainClient), { ...head, lines: '' }).lines, '12')
  const earlier = routeWith(first.use({ text: '1', answers: true }), second.use({ text: '2', answers: true }))
  assert.deepEqual(chains.onRequest(earlier, asked(plainClient))?.fields, [['By', 'first']])
})

test('a route without middleware answers nothing and leaves the head as it is', () => {
  const chains = new Chains(middlewares)
  assert.equal(chains.onRequest(routeWith(), asked(plainClient)), undefined)
  assert.equal(chains.onResponse(routeWith(), asked(plainClient), head), head)
})

test('a name that is not in the registry is never left out silently', () => {
  const chains = new Chains(middlewares)
  const route = routeWith({ name: 'guard-of-tomorrow', config: {} })
  assert.throws(() => chains.onRequest(route, asked(plainClient)), /guard-of-tomorrow/)
  assert.throws(() => chains.onResponse(route, asked(plainClient), head), /guard-of-tomorrow/)
})

test('the links of a route are looked up once', () => {
  let lookups = 0
  const chains = new Chains([httpsRedirect])
  const use = httpsRedirect.use({})
  const counted = {
    ...use,
    get name() {
      lookups++
      return use.name
    },
  }
  const route = routeWith(counted)
  for (let times = 0; times < 3; times++) chains.onRequest(route, asked(plainClient))
  assert.equal(lookups, 1)
})

test('hsts replaces what the upstream says, in every spelling, on HTTPS alone', () => {
  const chains = new Chains(middlewares)
  const route = routeWith(hsts.use({ value: 'max-age=31536000; includeSubDomains' }))
  assert.equal(
    chains.onResponse(route, asked(tlsClient), head).lines,
    'A: 1\r\nB: 2\r\nStrict-Transport-Security: max-age=31536000; includeSubDomains\r\n',
  )
  assert.equal(chains.onResponse(route, asked(plainClient), head), head)
  assert.equal(chains.onRequest(route, asked(tlsClient)), undefined)
})

test('every entry of the registry has a name of its own', () => {
  const names = middlewares.map(({ name }) => name)
  assert.deepEqual(names, ['https-redirect', 'hsts'])
})
