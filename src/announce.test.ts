import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import { defaultRoute, hostTable, routeTable, ruleRoute } from '../test/support/route-table.ts'
import { printListening, urlsOf } from './announce.ts'
import type { HostTable } from './model/index.ts'

const ports = { http: 80, https: 8443 }

function urls(...hosts: readonly HostTable[]): string[] {
  return urlsOf(routeTable(hosts), ports)
}

suite('urlsOf() gives URLs that can be opened as they are', () => {
  test('with the port unless it is the standard one, and HTTPS too for hosts with TLS', () => {
    const table = routeTable([hostTable('a.test', [{ type: 'Prefix', path: '/api' }])])
    const tls = new Map([['a.test', { host: 'a.test', certificates: [], policy: 'default' }]])
    assert.deepEqual(urlsOf({ ...table, tls }, ports), ['http://a.test/api', 'https://a.test:8443/api'])
    const unnamed = new Map([['a.test', { host: 'a.test', certificates: [], policy: 'default', unnamed: true }]])
    assert.deepEqual(urlsOf({ ...table, tls: unnamed }, ports), ['http://a.test/api'])
    assert.deepEqual(urlsOf(table, { http: 8080, https: 443 }), ['http://a.test:8080/api'])
  })

  test('with names for wildcards and for every host', () => {
    const root = [{ type: 'Prefix', path: '/' }] as const
    assert.deepEqual(urls(hostTable('*.a.test', root), hostTable('', root)), [
      'http://localhost/',
      'http://any.a.test/',
    ])
    assert.deepEqual(urlsOf(routeTable([], defaultRoute('all')), ports), ['http://localhost/'])
  })

  test('with paths that match the rule again', () => {
    const paths = ['/a b', '/föö', '/a%20b', '/%zz', '']
    const rules = paths.map((path) => ({ type: 'ImplementationSpecific', path }) as const)
    const found = urls(hostTable('a.test', rules)).map((url) => url.slice('http://a.test'.length))
    assert.deepEqual(found.toSorted(), ['/', '/%zz', '/a%20b', '/f%C3%B6%C3%B6'])
  })

  test('of rules that answer alone', () => {
    const refused = ruleRoute('a.test', { type: 'Prefix', path: '/x' }, { refusal: 'GuardNotServed' })
    const table = hostTable('a.test', [{ type: 'Prefix', path: '/' }])
    assert.deepEqual(urls({ ...table, rules: [refused, ...table.rules] }), ['http://a.test/'])
    assert.deepEqual(urlsOf(routeTable([], { ...defaultRoute('all'), refusal: 'ServiceNotFound' }), ports), [])
  })
})

test('printListening() puts addresses of IPv6 in brackets', () => {
  assert.deepEqual(
    printListening({ address: '::', httpPort: 1, httpsPort: 2, adminPort: undefined, admissionPort: undefined }),
    {
      http: ['[::]:1'],
      https: ['[::]:2'],
    },
  )
  assert.deepEqual(
    printListening({ address: '127.0.0.1', httpPort: 1, httpsPort: 2, adminPort: undefined, admissionPort: undefined })
      .http,
    ['127.0.0.1:1'],
  )
})
