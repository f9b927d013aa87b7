import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import { sourceObject } from '../../../test/support/source-object.ts'
import type { Json } from '../../model/index.ts'
import { readEndpointSlice } from './endpoint-slice.ts'

function read(fields: Readonly<Record<string, Json>>): ReturnType<typeof readEndpointSlice> {
  const labels = { 'kubernetes.io/service-name': 'web' }
  return readEndpointSlice(
    sourceObject('EndpointSlice', { metadata: { name: 'web-1', labels }, addressType: 'IPv4', ...fields }),
  )
}

function fieldsOf(fields: Readonly<Record<string, Json>>): string[] {
  return read(fields).diagnostics.map(({ field }) => field)
}

function addresses(...list: Json[]): Json {
  return [{ addresses: list }]
}

test('readEndpointSlice() keeps nil apart from false, and leaves out ports without a number', () => {
  const { value } = read({
    endpoints: [{ addresses: ['10.0.0.1', '10.0.0.2'], conditions: { ready: false } }],
    ports: [{ name: 'http', port: 8080 }, { name: 'none' }],
  })
  assert.equal(value?.service, 'web')
  assert.deepEqual(value.endpoints, [{ address: '10.0.0.1', ready: false, serving: undefined, terminating: undefined }])
  assert.deepEqual(value.ports, [{ name: 'http', port: 8080, protocol: 'TCP' }])
})

test('readEndpointSlice() takes null endpoints and ports for none', () => {
  const { value, diagnostics } = read({ endpoints: null, ports: null })
  assert.deepEqual([value?.endpoints, value?.ports, diagnostics], [[], [], []])
})

suite('readEndpointSlice() holds addresses to their type', () => {
  const rows: readonly (readonly [type: string, accepted: string, refused: string])[] = [
    [
      'IPv4',
      '10.0.0.1 127.0.0.1 192.168.1.1 8.8.8.8',
      '0.0.0.0 224.0.0.1 239.9.9.9 255.255.255.255 169.254.169.254 010.0.0.1 10.1 1.2.3.256 ::1 web.test',
    ],
    [
      'IPv6',
      '::1 2001:db8::1 fd00::1 FD00::2 ff::1',
      ':: 0:0:0:0:0:0:0:0 ff02::1 fe80::1 FEBF::1 ::ffff:10.0.0.1 ::ffff:a9fe:a9fe 2001:db8::1%eth0 10.0.0.1 [::1]',
    ],
    ['FQDN', 'web.test', ''],
  ]
  for (const [addressType, accepted, refused] of rows) {
    for (const address of accepted.split(' '))
      test(`${addressType} accepts ${address}`, () => {
        assert.deepEqual(fieldsOf({ addressType, endpoints: addresses(address) }), [])
      })
    for (const address of refused.split(' ').filter((text) => text !== ''))
      test(`${addressType} refuses ${address}`, () => {
        assert.deepEqual(fieldsOf({ addressType, endpoints: addresses(address) }), ['endpoints[0].addresses[0]'])
      })
  }
})

suite('readEndpointSlice() holds lists to their limits', () => {
  const one = { addresses: ['10.0.0.1'] }
  const ports = Array.from({ length: 101 }, (_, at) => ({ name: `p${at}`, port: 80 }))
  const many = Array.from({ length: 101 }, () => '10.0.0.1')
  const rows: readonly (readonly [what: string, fields: Readonly<Record<string, Json>>, field: string | undefined])[] =
    [
      ['1000 endpoints', { endpoints: Array.from({ length: 1000 }, () => one) }, undefined],
      ['1001 endpoints', { endpoints: Array.from({ length: 1001 }, () => one) }, 'endpoints'],
      ['100 ports', { ports: ports.slice(1) }, undefined],
      ['101 ports', { ports }, 'ports'],
      ['100 addresses', { endpoints: addresses(...many.slice(1)) }, undefined],
      ['101 addresses', { endpoints: addresses(...many) }, 'endpoints[0].addresses'],
      ['no address', { endpoints: addresses() }, 'endpoints[0].addresses'],
      ['a null address', { endpoints: addresses(null) }, 'endpoints[0].addresses[0]'],
      ['a number for an address', { endpoints: addresses(10) }, 'endpoints[0].addresses[0]'],
      ['endpoints that are no list', { endpoints: {} }, 'endpoints'],
      ['a port name twice', { ports: [{ port: 1 }, { name: '', port: 2 }] }, 'ports[1].name'],
      ['port 0', { ports: [{ port: 0 }] }, 'ports[0].port'],
      ['port 65536', { ports: [{ port: 65_536 }] }, 'ports[0].port'],
      ['protocol tcp', { ports: [{ port: 80, protocol: 'tcp' }] }, 'ports[0].protocol'],
      ['ready in quotes', { endpoints: [{ ...one, conditions: { ready: 'true' } }] }, 'endpoints[0].conditions.ready'],
      ['no addressType', { addressType: null }, 'addressType'],
      ['addressType ipv4', { addressType: 'ipv4' }, 'addressType'],
    ]
  for (const [what, fields, field] of rows)
    test(`${field === undefined ? 'accepts' : 'refuses'} ${what}`, () => {
      assert.deepEqual(fieldsOf(fields), field === undefined ? [] : [field])
    })
})
