import assert from 'node:assert/strict'
import { test } from 'node:test'

import { plainClient, requestHead, tlsClient } from '../../test/support/request-head.ts'
import type { Answer, Client } from '../model/index.ts'
import { httpsRedirect } from './https-redirect.ts'

function answerTo(
  host: string,
  target: string,
  publicHttpsPort = 443,
  client: Client = plainClient,
): Answer | undefined {
  return httpsRedirect.phases.onRequest?.({ request: requestHead(host, target), client, publicHttpsPort }, {})
}

const rows = [
  ['a.test', '/', 443, 'https://a.test/'],
  ['a.test', '/a/?b=c/', 443, 'https://a.test/a/?b=c/'],
  ['A.test:8080', '/a', 443, 'https://A.test/a'],
  ['a.test', '/a', 8443, 'https://a.test:8443/a'],
  ['a.test:8080', '/a', 8443, 'https://a.test:8443/a'],
  ['[::1]', '/', 443, 'https://[::1]/'],
  ['[::1]:8080', '/', 8443, 'https://[::1]:8443/'],
  ['a.test', '//evil.test/%2e%2e?x=//y', 443, 'https://a.test//evil.test/%2e%2e?x=//y'],
  ['a.test', '*', 443, 'https://a.test/'],
] as const

for (const [host, target, port, location] of rows) {
  test(`https-redirect sends ${host} ${target} to ${location}`, () => {
    const answer = answerTo(host, target, port)
    assert.deepEqual(answer, { reason: 'HttpsRedirect', fields: [['Location', location]] })
  })
}

test('https-redirect lets HTTPS pass', () => {
  assert.equal(answerTo('a.test', '/', 443, tlsClient), undefined)
})

test('https-redirect refuses a request that names no host, since there is nowhere to send it', () => {
  assert.deepEqual(answerTo('-', '/'), { reason: 'BadRequest' })
  assert.deepEqual(answerTo('', '/'), { reason: 'BadRequest' })
})
