import assert from 'node:assert/strict'
import { test } from 'node:test'

import { makeTestCertificate, tlsTable } from '../../test/support/certificates.ts'
import { weakPair } from '../../test/support/weak-certificates.ts'
import { readServerName, TlsContexts } from './tls-contexts.ts'
import { findTlsHost, policyOf } from './tls-policy.ts'

const [exact, wild, fallback, rsa] = await Promise.all([
  makeTestCertificate('exact', ['a.test']),
  makeTestCertificate('wild', ['*.b.test']),
  makeTestCertificate('fallback', ['default.test']),
  makeTestCertificate('rsa', ['a.test'], 'rsa'),
])
const all = [exact, wild, fallback, rsa]
const always = (): boolean => true

test('findTlsHost() prefers the precise host, then its one-label wildcard', () => {
  const table = tlsTable(all, { 'x.b.test': ['exact'], '*.b.test': ['wild'], 'a.test': ['exact'] }, ['fallback'])
  const found = (name: string): string | undefined => findTlsHost(table, name)?.host
  assert.deepEqual(
    ['a.test', 'x.b.test', 'y.b.test', 'z.y.b.test', 'b.test', '.b.test', 'test', '', '*.b.test'].map(found),
    ['a.test', 'x.b.test', '*.b.test', undefined, undefined, undefined, undefined, undefined, '*.b.test'],
  )
})

test('policyOf() names the policy of a host, the default for hosts without one', () => {
  const table = tlsTable(all, { '*.b.test': { certificates: ['wild'], policy: 'mutual' } }, ['fallback'])
  assert.equal(policyOf(table, 'x.b.test'), 'mutual')
  assert.equal(policyOf(table, 'a.test'), 'default')
  const contexts = new TlsContexts()
  assert.equal(contexts.policyOf('x.b.test'), 'default')
  contexts.use(table)
  assert.equal(contexts.policyOf('x.b.test'), 'mutual')
  assert.equal(contexts.policyOf(undefined), 'default')
})

test('readServerName() compares in lower case; a trailing dot, or nothing, is no name', () => {
  assert.deepEqual(['A.Test', 'a.test.', '', undefined].map(readServerName), [
    'a.test',
    undefined,
    undefined,
    undefined,
  ])
})

test('select() makes a context once, and drops it with its certificate', () => {
  const contexts = new TlsContexts()
  assert.equal(contexts.select('a.test', always), undefined)
  const table = tlsTable(all, { 'a.test': ['exact'] }, ['fallback'])
  contexts.use(table)
  const first = contexts.select('a.test', always)
  assert.ok(first !== undefined)
  assert.notEqual(contexts.select('other.test', always), first)
  contexts.use(tlsTable(all, { 'b.test': ['exact'] }, ['fallback']))
  assert.equal(contexts.select('b.test', always), first)
  contexts.use(tlsTable([fallback], {}, ['fallback']))
  contexts.use(table)
  assert.notEqual(contexts.select('a.test', always), first)
})

test('select() shows the default where all certificates of a host are gone', () => {
  const contexts = new TlsContexts()
  contexts.use(tlsTable([fallback], { 'a.test': ['exact'], 'b.test': [] }, ['fallback']))
  const shown = contexts.select(undefined, always)
  assert.ok(shown !== undefined)
  assert.equal(contexts.select('a.test', always), shown)
  assert.equal(contexts.select('b.test', always), shown)
})

test('select() shows the default for a certificate that OpenSSL does not take, and says so once', () => {
  const unusable: string[] = []
  const contexts = new TlsContexts((id) => unusable.push(id))
  contexts.use(tlsTable([{ ...exact, ...weakPair }, fallback], { 'a.test': ['exact'] }, ['fallback']))
  const shown = contexts.select(undefined, always)
  assert.ok(shown !== undefined)
  assert.deepEqual([contexts.select('a.test', always), contexts.select('a.test', always)], [shown, shown])
  assert.deepEqual(unusable, ['exact'])
})

test('select() takes the kind of key that the client can verify, the first if it can verify none', () => {
  const contexts = new TlsContexts()
  contexts.use(tlsTable(all, { 'a.test': ['exact', 'rsa'], 'ec.test': ['exact'], 'rsa.test': ['rsa'] }, ['fallback']))
  const ec = contexts.select('ec.test', always)
  const ofRsa = contexts.select('rsa.test', always)
  assert.notEqual(ec, ofRsa)
  assert.equal(contexts.select('a.test', always), ec)
  assert.equal(
    contexts.select('a.test', (algorithm) => algorithm === 'RSA'),
    ofRsa,
  )
  assert.equal(
    contexts.select('a.test', () => false),
    ec,
  )
})

test('select() keeps the contexts that were used last, 2,000 of them', () => {
  const contexts = new TlsContexts()
  const names = Array.from({ length: 2_001 }, (_, index) => `h${index}.test`)
  const certificates = names.map((name) => ({ ...exact, id: name }))
  contexts.use(tlsTable(certificates, Object.fromEntries(names.map((name) => [name, [name]])), []))
  const [first, second] = names.slice(0, 2_000).map((name) => contexts.select(name, always))
  assert.equal(contexts.select('h0.test', always), first)
  contexts.select('h2000.test', always)
  assert.equal(contexts.select('h0.test', always), first)
  assert.notEqual(contexts.select('h1.test', always), second)
})
