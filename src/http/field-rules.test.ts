import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import { requestDrop, responseDrop, trailerDrop } from './field-rules.ts'

suite('field rules', () => {
  test('requestDrop() judges the meaning before the spelling', () => {
    assert.equal(requestDrop('Connection'), 'hop-by-hop')
    assert.equal(requestDrop('Host'), 'framing')
    assert.equal(requestDrop('X-Real-IP'), 'managed')
    assert.equal(requestDrop('x_real_ip'), 'alias')
    assert.equal(requestDrop('content_length'), 'alias')
    assert.equal(requestDrop('keep_alive'), 'alias')
    assert.equal(requestDrop('x_real'), 'underscore')
    assert.equal(requestDrop('X.Real'), undefined)
    assert.equal(requestDrop('Accept'), undefined)
  })

  test('requestDrop() knows every field that tells the upstream who asked', () => {
    const names =
      'Client-IP Forwarded Forwarded-For Proxy Proxy-Client-IP WL-Proxy-Client-IP X-Forwarded True-Client-IP X-Client-IP X-Cluster-Client-IP X-Lintel-Hops X-Real-IP X-Request-ID X-Rewrite-URL ' +
      'X-Scheme X-Forwarded-Anything X-Original-URL SSL-Client-Cert X-SSL-Client-CN X-Lintel-Anything'
    for (const name of names.split(' ')) assert.equal(requestDrop(name), 'managed', name)
    for (const name of ['X-Forwardeds', 'X-Original', 'SSL-Client', 'Forwarded-By', 'X-Proxy', 'CF-Connecting-IP'])
      assert.equal(requestDrop(name), undefined, name)
  })

  test('requestDrop() and responseDrop() know every field of one connection', () => {
    const names =
      'Connection HTTP2-Settings Keep-Alive Proxy-Authenticate Proxy-Authorization Proxy-Connection TE Trailer ' +
      'Transfer-Encoding Upgrade'
    for (const name of names.split(' '))
      assert.deepEqual([requestDrop(name), responseDrop(name)], ['hop-by-hop', 'hop-by-hop'], name)
  })

  test('responseDrop() leaves to upstreams what they may say', () => {
    assert.equal(responseDrop('Transfer-Encoding'), 'hop-by-hop')
    assert.equal(responseDrop('CONTENT-LENGTH'), 'framing')
    assert.equal(responseDrop('x-lintel-hops'), 'managed')
    for (const name of ['X-Request-ID', 'X_A', 'Server', 'Date', 'Set-Cookie'])
      assert.equal(responseDrop(name), undefined)
  })

  test('trailerDrop() adds what has no place after a body', () => {
    assert.equal(trailerDrop('Authorization'), 'framing')
    assert.equal(trailerDrop('content.type'), 'framing')
    assert.equal(trailerDrop('X-Forwarded-For'), 'managed')
    assert.equal(trailerDrop('grpc-status'), undefined)
  })
})
