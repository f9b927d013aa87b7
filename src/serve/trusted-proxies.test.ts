import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { plainClient, requestHead } from '../../test/support/request-head.ts'
import type { Forwarded } from '../http/index.ts'
import { TrustedProxies } from './trusted-proxies.ts'

const proxies = new TrustedProxies(['10.0.0.0/8', '2001:db8::/32', '192.0.2.7'])

function clientOf(peer: string, list: string, proto?: Forwarded['proto'], trusted = proxies): string {
  const forwarded = { for: list, proto }
  const client = trusted.clientOf({ ...plainClient, address: peer }, requestHead('a.test', '/', { forwarded }))
  return `${client.scheme} ${client.address}`
}

describe('TrustedProxies', () => {
  const rows: [name: string, peer: string, list: string, client: string][] = [
    ['a peer that nobody trusts', '198.51.100.1', '203.0.113.9', '198.51.100.1'],
    ['the last address that is not trusted', '10.0.0.1', '203.0.113.1, 203.0.113.9', '203.0.113.9'],
    ['a chain of trusted proxies', '10.0.0.1', '203.0.113.9, 10.2.0.1, 192.0.2.7', '203.0.113.9'],
    ['what the client wrote itself, left of it', '10.0.0.1', '127.0.0.1, 203.0.113.9', '203.0.113.9'],
    ['nobody but trusted proxies', '10.0.0.1', '10.0.0.9, 10.0.0.2', '10.0.0.9'],
    ['no list', '10.0.0.1', '', '10.0.0.1'],
    ['an element that is no address', '10.0.0.1', '203.0.113.9, unknown, 10.0.0.2', '10.0.0.2'],
    ['an address with a port', '10.0.0.1', '203.0.113.9:5678', '203.0.113.9'],
    ['IPv6', '2001:db8::1', '2001:db9::5', '2001:db9::5'],
    ['IPv6 in brackets with a port', '10.0.0.1', '[2001:db9::5]:80', '2001:db9::5'],
    ['IPv4 in IPv6', '10.0.0.1', '::ffff:203.0.113.9', '203.0.113.9'],
    ['IPv4 in IPv6, in hexadecimal', '10.0.0.1', '::FFFF:cb00:7109', '203.0.113.9'],
    ['IPv6 at length', '10.0.0.1', '2001:0DB9:0:0:0:0:0:5', '2001:db9::5'],
    ['an address with a zone', '10.0.0.1', 'fe80::1%eth0', '10.0.0.1'],
    ['a list without end', '10.0.0.1', `203.0.113.9${',10.0.0.2'.repeat(40)}`, '10.0.0.2'],
  ]
  for (const [name, peer, list, client] of rows)
    it(`of ${name} takes ${client}`, () => {
      assert.equal(clientOf(peer, list), `http ${client}`)
    })

  it('trusts one address, and not its neighbours, where no length is named', () => {
    for (const [trusted, neighbour] of [
      ['192.0.2.7', '192.0.2.6'],
      ['2001:db8::7', '2001:db8::6'],
    ] as const) {
      const one = new TrustedProxies([trusted])
      assert.equal(clientOf(trusted, '203.0.113.9', undefined, one), 'http 203.0.113.9')
      assert.equal(clientOf(neighbour, '203.0.113.9', undefined, one), `http ${neighbour}`)
    }
  })

  it('takes the scheme from a trusted peer alone', () => {
    assert.equal(clientOf('10.0.0.1', '203.0.113.9', 'https'), 'https 203.0.113.9')
    assert.equal(clientOf('10.0.0.1', '', 'https'), 'https 10.0.0.1')
    assert.equal(clientOf('198.51.100.1', '203.0.113.9', 'https'), 'http 198.51.100.1')
  })

  it('trusts nobody unless told to', () => {
    assert.equal(clientOf('127.0.0.1', '203.0.113.9', 'https', new TrustedProxies([])), 'http 127.0.0.1')
  })
})
