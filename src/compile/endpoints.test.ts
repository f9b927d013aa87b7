import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import * as fc from 'fast-check'

import { snapshotOf } from '../../test/support/objects.ts'
import { sourceObject } from '../../test/support/source-object.ts'
import type { BackendReference, Json, JsonRecord, SourceObject } from '../model/index.ts'
import { EndpointResolver } from './endpoints.ts'

type Fields = Readonly<Record<string, Json>>

function service(spec: Fields = {}, annotations: JsonRecord = {}): SourceObject {
  const ports = [{ name: 'http', port: 80, targetPort: 9999 }]
  return sourceObject('Service', { metadata: { name: 'web', annotations }, spec: { ports, ...spec } })
}

let slices = 0
function slice(endpoints: Json, more: Fields = {}, metadata: Fields = {}): SourceObject {
  const labels = { 'kubernetes.io/service-name': 'web' }
  return sourceObject('EndpointSlice', {
    metadata: { name: `web-${slices++}`, labels, ...metadata },
    addressType: 'IPv4',
    endpoints,
    ports: [{ name: 'http', port: 8080 }],
    ...more,
  })
}

function at(address: string, conditions: Json = null): Json {
  return { addresses: [address], conditions }
}

function reference(port: number | string): BackendReference {
  return { key: `default/web:${port}`, namespace: 'default', service: 'web', port }
}

function named(...references: readonly BackendReference[]): ReadonlyMap<string, BackendReference> {
  return new Map(references.map((one) => [one.key, one]))
}

const fromFiles = { allowExternalName: false, allowLoopback: true, fromCluster: false }
const fromCluster = { allowExternalName: false, allowLoopback: false, fromCluster: true }

/** `address:port` of each endpoint of the Service web. */
function resolve(objects: readonly SourceObject[], port: number | string = 80, allowExternalName = false): string[] {
  const resolver = new EndpointResolver({ ...fromFiles, allowExternalName })
  const backend = resolver.resolve(named(reference(port)), snapshotOf(objects)).backends.get(reference(port).key)
  return (backend?.endpoints ?? []).map(({ address, port: number }) => `${address}:${number}`)
}

suite('resolve() takes endpoints by their conditions', () => {
  const rows: readonly (readonly [Json, Json, Json, fresh: boolean, fallback: boolean])[] = [
    [null, null, null, true, true],
    [true, true, false, true, true],
    [true, true, true, true, true],
    [false, true, true, false, true],
    [false, false, true, false, false],
    [false, false, false, false, false],
    [false, true, false, false, false],
    [null, false, null, true, true],
    [false, null, true, false, true],
  ]
  for (const [ready, serving, terminating, fresh, fallback] of rows)
    test(`ready, serving, terminating: ${JSON.stringify([ready, serving, terminating])}`, () => {
      const judged = at('10.0.0.2', { ready, serving, terminating })
      assert.deepEqual(
        resolve([service(), slice([at('10.0.0.1'), judged])]),
        fresh ? ['10.0.0.1:8080', '10.0.0.2:8080'] : ['10.0.0.1:8080'],
      )
      assert.deepEqual(resolve([service(), slice([judged])]), fallback ? ['10.0.0.2:8080'] : [])
    })
})

suite('resolve() joins Services and slices', () => {
  const one = slice([at('10.0.0.1')])
  const web = service()

  test('by the number or the name of the port; the slice tells the number to dial', () => {
    assert.deepEqual(resolve([web, one], 80), ['10.0.0.1:8080'])
    assert.deepEqual(resolve([web, one], 'http'), ['10.0.0.1:8080'])
    assert.deepEqual(resolve([web, one], 8080), [])
    assert.deepEqual(resolve([web, one], 9999), [])
    assert.deepEqual(resolve([web, one], '80'), [])
  })

  test('a UDP port of the same number is another port', () => {
    const ports = [
      { name: 'dns', port: 80, protocol: 'UDP' },
      { name: 'http', port: 80 },
    ]
    assert.deepEqual(resolve([service({ ports }), one]), ['10.0.0.1:8080'])
    assert.deepEqual(resolve([service({ ports }), one], 'dns'), [])
  })

  test('a port without a name is the slice port without a name', () => {
    const nameless = service({ ports: [{ port: 80 }] })
    for (const name of [null, ''])
      assert.deepEqual(resolve([nameless, slice([at('10.0.0.1')], { ports: [{ name, port: 1 }] })]), ['10.0.0.1:1'])
    assert.deepEqual(resolve([nameless, one]), [])
  })

  test('several slices are united, each endpoint once, in an order of its own', () => {
    const other = slice([at('10.0.0.3'), at('10.0.0.1'), at('10.0.0.2')])
    const elsewhere = slice([at('10.0.0.2')], { ports: [{ name: 'http', port: 8081 }] })
    const wanted = ['10.0.0.1:8080', '10.0.0.2:8080', '10.0.0.2:8081', '10.0.0.3:8080']
    assert.deepEqual(resolve([web, one, other, elsewhere]), wanted)
    assert.deepEqual(resolve([elsewhere, other, web, one]), wanted)
  })

  test('slices of other Services and namespaces are not ours', () => {
    const labels = { 'kubernetes.io/service-name': 'api' }
    assert.deepEqual(resolve([web, slice([at('10.0.0.1')], {}, { labels })]), [])
    assert.deepEqual(resolve([web, slice([at('10.0.0.1')], {}, { labels: null })]), [])
    assert.deepEqual(resolve([web, slice([at('10.0.0.1')], {}, { namespace: 'other' })]), [])
  })

  test('null endpoints, null ports, ports without number, FQDN: no endpoints, no fault', () => {
    const fqdn = slice([at('a.test')], { addressType: 'FQDN' })
    assert.deepEqual(resolve([web, slice(null), fqdn, one]), ['10.0.0.1:8080'])
    assert.deepEqual(resolve([web, slice([at('10.0.0.1')], { ports: null })]), [])
    assert.deepEqual(resolve([web, slice([at('10.0.0.1')], { ports: [{ name: 'http' }] })]), [])
  })

  test('only the first address of an endpoint counts', () => {
    assert.deepEqual(resolve([web, slice([{ addresses: ['10.0.0.9', '10.0.0.1'] }])]), ['10.0.0.9:8080'])
  })

  test('in one order, whatever the order of slices', () => {
    const two = [slice([at('10.0.0.3'), at('10.0.0.1')]), slice([at('10.0.0.2')])]
    for (const found of [two, two.toReversed()])
      assert.deepEqual(resolve([web, ...found]), ['10.0.0.1:8080', '10.0.0.2:8080', '10.0.0.3:8080'])
  })

  test('no Service, no endpoints', () => {
    assert.deepEqual(resolve([one]), [])
  })

  test('one family is used: the first of the Service, the other where that has nothing usable', () => {
    const six = slice([at('2001:db8::1')], { addressType: 'IPv6' })
    const resting = slice([at('2001:db8::1', { ready: false })], { addressType: 'IPv6' })
    const preferred = service({ ipFamilies: ['IPv6', 'IPv4'] })
    assert.deepEqual(resolve([web, six, one]), ['10.0.0.1:8080'])
    assert.deepEqual(resolve([preferred, six, one]), ['2001:db8::1:8080'])
    assert.deepEqual(resolve([preferred, resting, one]), ['10.0.0.1:8080'])
    assert.deepEqual(resolve([web, six]), ['2001:db8::1:8080'])
  })

  test('endpoints that leave serve only where no family has a ready one', () => {
    const leaving = { ready: false, serving: true, terminating: true }
    const six = slice([at('2001:db8::1')], { addressType: 'IPv6' })
    const sixLeaving = slice([at('2001:db8::2', leaving)], { addressType: 'IPv6' })
    assert.deepEqual(resolve([web, slice([at('10.0.0.1', leaving)]), six]), ['2001:db8::1:8080'])
    assert.deepEqual(resolve([web, slice([at('10.0.0.1', leaving)]), sixLeaving]), ['10.0.0.1:8080'])
  })

  test('a backend that did not change keeps its identity', () => {
    const resolver = new EndpointResolver(fromFiles)
    const [before, same, changed] = [[one], [slice([at('10.0.0.1')])], [slice([at('10.0.0.2')])]].map((found) =>
      resolver.resolve(named(reference(80)), snapshotOf([web, ...found])).backends.get(reference(80).key),
    )
    assert.equal(same, before)
    assert.notEqual(changed, before)
  })
})

test('resolve() remembers nothing that shows: any history of slices and Services ends as if it had been new', () => {
  const names = ['a', 'b', 'c']
  const object = fc.record({
    name: fc.constantFrom(...names),
    service: fc.constantFrom('web', 'api'),
    last: fc.integer({ min: 1, max: 3 }),
    ready: fc.boolean(),
  })
  const state = fc.record({
    slices: fc.uniqueArray(object, { selector: ({ name }) => name }),
    service: fc.option(fc.constantFrom('IPv4', 'IPv6'), { nil: undefined }),
  })
  const references = [reference(80), { ...reference(80), key: 'default/api:80', service: 'api' }]
  const history = fc.array(state, { minLength: 2, maxLength: 6 })
  fc.assert(
    fc.property(history, (states) => {
      const resolver = new EndpointResolver(fromFiles)
      for (const { slices: found, service: family } of states) {
        const snapshot = snapshotOf([
          ...(family === undefined ? [] : [service({ ipFamilies: [family] })]),
          ...found.map((each) =>
            slice(
              [at(`10.0.0.${each.last}`, { ready: each.ready })],
              {},
              { name: each.name, labels: labelsOf(each.service) },
            ),
          ),
        ])
        const { backends } = resolver.resolve(named(...references), snapshot)
        assert.deepEqual(backends, new EndpointResolver(fromFiles).resolve(named(...references), snapshot).backends)
      }
    }),
    { numRuns: 300 },
  )
})

function labelsOf(name: string): JsonRecord {
  return { 'kubernetes.io/service-name': name }
}

suite('resolve() never answers link-local addresses, in whatever spelling', () => {
  const spellings = ['fe80::1', 'FEBF::1', '::ffff:169.254.169.254', '::ffff:a9fe:a9fe', '0:0:0:0:0:ffff:a9fe:a9fe']
  for (const address of spellings)
    test(address, () => {
      assert.deepEqual(resolve([service(), slice([at(address)], { addressType: 'IPv6' })]), [])
      assert.deepEqual(resolve([service({}, { 'lintel.dev/endpoints': `[${address}]:80` })]), [])
    })
  test('169.254.169.254', () => {
    assert.deepEqual(resolve([service(), slice([at('169.254.169.254')])]), [])
    assert.deepEqual(resolve([service({}, { 'lintel.dev/endpoints': '169.254.169.254:80' })]), [])
  })
})

function withPort(port: number, protocol = 'TCP'): Fields {
  return { ports: [{ name: 'http', port, protocol }] }
}

suite('resolve() of a cluster trusts nobody who may write a Service', () => {
  const resolver = new EndpointResolver(fromCluster)
  const key = reference(80).key

  test('endpoints on this machine are left out and told of, each at its place', () => {
    const mixed = slice([at('10.0.0.1'), at('127.0.0.1'), at('127.9.9.9')])
    const six = slice([at('::1')], { addressType: 'IPv6' })
    const {
      backends,
      slices: { diagnostics },
    } = resolver.resolve(named(reference(80)), snapshotOf([service(), mixed, six]))
    assert.deepEqual(backends.get(key)?.endpoints, [{ address: '10.0.0.1', port: 8080 }])
    assert.deepEqual(
      diagnostics.map(({ code, field }) => `${code} ${field}`),
      [1, 2, 0].map((place) => `LoopbackEndpoint endpoints[${place}].addresses[0]`),
    )
  })

  test('endpoints where clouds keep their metadata are left out and told of', () => {
    const four = slice([at('10.0.0.1'), at('100.100.100.200'), at('168.63.129.16'), at('100.100.100.201')])
    const six = slice([at('FD00:EC2:0::254')], { addressType: 'IPv6' })
    const {
      backends,
      slices: { diagnostics },
    } = resolver.resolve(named(reference(80)), snapshotOf([service(), four, six]))
    assert.deepEqual(
      backends.get(key)?.endpoints.map(({ address }) => address),
      ['10.0.0.1', '100.100.100.201'],
    )
    assert.deepEqual(
      diagnostics.map(({ code, field }) => `${code} ${field}`),
      [1, 2, 0].map((place) => `MetadataEndpoint endpoints[${place}].addresses[0]`),
    )
  })

  test('where Lintel itself listens is left out and told of, but for slices of its own namespace', () => {
    const own = { addresses: ['10.0.0.7', 'fd00::7'], ports: [8080, 10_254], namespace: 'lintel' }
    const careful = new EndpointResolver({ ...fromCluster, own })
    const found = (...given: readonly SourceObject[]): string => {
      const { backends, slices: list } = careful.resolve(named(reference(80)), snapshotOf([service(), ...given]))
      const endpoints = backends.get(key)?.endpoints.map(({ address, port }) => `${address} ${port}`) ?? []
      return [...endpoints, ...list.diagnostics.map(({ code, field }) => `${code} ${field}`)].join(', ')
    }
    const told = 'LoopbackEndpoint endpoints[0].addresses[0]'
    assert.equal(found(slice([at('10.0.0.7'), at('10.0.0.8')])), `10.0.0.8 8080, ${told}`)
    assert.equal(found(slice([at('10.0.0.7')], withPort(10_254))), told)
    assert.equal(found(slice([at('FD00:0::7')], { addressType: 'IPv6' })), told)
    assert.equal(found(slice([at('10.0.0.7')], withPort(9_000))), '10.0.0.7 9000')
    assert.equal(found(slice([at('10.0.0.7')], withPort(8_080, 'UDP'))), '')
    assert.equal(found(slice([at('10.0.0.7')], {}, { namespace: 'lintel' })), '')
  })

  test('what the command line names may be on this machine', () => {
    const standIn: SourceObject = { ...slice([at('127.0.0.1')]), standIn: true }
    const {
      backends,
      slices: { diagnostics },
    } = resolver.resolve(named(reference(80)), snapshotOf([service(), standIn]))
    assert.deepEqual([backends.get(key)?.endpoints.length, diagnostics], [1, []])
  })

  test('an annotation names no endpoints', () => {
    const annotated = service({}, { 'lintel.dev/endpoints': '10.9.9.9:80' })
    const { backends } = resolver.resolve(named(reference(80)), snapshotOf([annotated, slice([at('10.0.0.1')])]))
    assert.deepEqual(backends.get(key)?.endpoints, [{ address: '10.0.0.1', port: 8080 }])
  })
})

suite('resolve() lets the annotation lintel.dev/endpoints stand for slices', () => {
  const rows: readonly (readonly [text: string, endpoints: readonly string[]])[] = [
    ['127.0.0.1:3000,[::1]:3001', ['127.0.0.1:3000', '::1:3001']],
    ['localhost:3000,web.internal:3001', ['127.0.0.1:3000', 'web.internal:3001']],
    [' 127.0.0.1:3000 , 127.0.0.2:3000 ', ['127.0.0.1:3000', '127.0.0.2:3000']],
    ['', []],
    ['127.0.0.1', []],
    ['127.0.0.1:0', []],
    ['127.0.0.1:65536', []],
    ['127.0.0.1:3000,', []],
    ['http://127.0.0.1:3000', []],
    ['::1:3000', []],
  ]
  for (const [text, wanted] of rows)
    test(JSON.stringify(text), () => {
      const annotated = service({}, { 'lintel.dev/endpoints': text })
      assert.deepEqual(resolve([annotated, slice([at('10.0.0.1')])]), wanted)
    })
})

function external(externalName: string, ports: Json = [{ port: 80, targetPort: 8443 }]): SourceObject {
  return service({ type: 'ExternalName', externalName, ports })
}

suite('resolve() of an ExternalName', () => {
  test('is off unless allowed', () => {
    assert.deepEqual(resolve([external('api.example.com')]), [])
    assert.deepEqual(resolve([external('api.example.com')], 80, true), ['api.example.com:8443'])
  })
  test('takes the port where the target has no number, and the number of the Ingress where there are no ports', () => {
    assert.deepEqual(resolve([external('a.test', [{ port: 80 }])], 80, true), ['a.test:80'])
    assert.deepEqual(resolve([external('a.test', [{ port: 80, targetPort: 'http' }])], 80, true), ['a.test:80'])
    assert.deepEqual(resolve([external('a.test', [])], 443, true), ['a.test:443'])
    assert.deepEqual(resolve([external('a.test', [])], 'https', true), [])
    assert.deepEqual(resolve([external('a.test')], 81, true), [])
  })
  for (const name of ['127.0.0.1', '2130706433', 'localhost', 'localhost.', 'a.localhost', '::1', '[::1]', 'LOCALHOST'])
    test(`never is ${name}`, () => {
      assert.deepEqual(resolve([external(name)], 80, true), [])
    })
})
