import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import { snapshotOf } from '../../test/support/objects.ts'
import { sourceObject } from '../../test/support/source-object.ts'
import type { BackendReference, JsonRecord, Snapshot, SourceObject } from '../model/index.ts'
import { readStandIn, standInsFor, withStandIns } from './stand-ins.ts'
import type { StandIn } from './stand-ins.ts'

function printStandIn({ namespace, service: name, port = '*', address, endpointPort }: StandIn): string {
  return `${namespace}/${name} ${port} ${address} ${endpointPort}`
}

suite('readStandIn()', () => {
  const rows: readonly (readonly [text: string, read: string | undefined])[] = [
    ['web=127.0.0.1:3000', 'default/web * 127.0.0.1 3000'],
    ['web:80=127.0.0.1:3000', 'default/web 80 127.0.0.1 3000'],
    ['web:http=127.0.0.1:3000', 'default/web http 127.0.0.1 3000'],
    ['shop/web:80=[::1]:3000', 'shop/web 80 ::1 3000'],
    ['web=localhost:3000', 'default/web * 127.0.0.1 3000'],
    ['web=api.example.com:443', 'default/web * api.example.com 443'],
    ['web', undefined],
    ['web=3000', undefined],
    ['web=127.0.0.1', undefined],
    ['web=127.0.0.1:0', undefined],
    ['web=127.0.0.1:65536', undefined],
    ['=127.0.0.1:3000', undefined],
    ['a/b/web=127.0.0.1:3000', undefined],
    ['Web=127.0.0.1:3000', undefined],
    ['web=http://127.0.0.1:3000', undefined],
    ['web=::1:3000', undefined],
  ]
  for (const [text, expected] of rows)
    test(text, () => {
      const read = readStandIn(text)
      assert.equal(read && printStandIn(read), expected)
    })
})

function reference(port: number | string): BackendReference {
  return { key: `default/web:${port}`, namespace: 'default', service: 'web', port }
}

function service(ports: JsonRecord['ports'], annotations: JsonRecord = {}): SourceObject {
  return sourceObject('Service', { metadata: { name: 'web', annotations }, spec: { ports: ports ?? [] } })
}

const own = sourceObject('EndpointSlice', {
  metadata: { name: 'own', labels: { 'kubernetes.io/service-name': 'web' } },
})
const other = sourceObject('EndpointSlice', {
  metadata: { name: 'other', labels: { 'kubernetes.io/service-name': 'api' } },
})

function valuesOf(snapshot: Snapshot, kind: string): unknown[] {
  return snapshot.list(kind).map(({ value }) => value)
}

function standIn(snapshot: Snapshot, texts: readonly string[], asked: readonly (number | string)[] = []): Snapshot {
  return withStandIns(
    snapshot,
    texts.flatMap((text) => readStandIn(text) ?? []),
    asked.map(reference),
  )
}

/** `port name -> endpoint` of every slice that was made. */
function madeSlices(snapshot: Snapshot): string[] {
  return snapshot.list('EndpointSlice').flatMap(({ value }) => {
    const [port] = (value['ports'] ?? []) as { name: string; port: number }[]
    const [endpoint] = (value['endpoints'] ?? []) as { addresses: string[] }[]
    return port === undefined ? [] : [`${port.name} -> ${endpoint?.addresses.join()}:${port.port}`]
  })
}

suite('withStandIns()', () => {
  test('leaves a snapshot alone where nothing stands in', () => {
    const given = snapshotOf([own])
    assert.equal(standIn(given, []), given)
  })

  test('makes a missing Service with every port that is asked for or stood in for', () => {
    const made = standIn(snapshotOf([]), ['web=127.0.0.1:1', 'web:90=127.0.0.1:2'], [80, 'http'])
    const [{ spec } = {}] = valuesOf(made, 'Service') as { spec: { ports: { name: string; port: number }[] } }[]
    assert.deepEqual(
      spec?.ports.map(({ name }) => name),
      ['p80', 'http', 'p90'],
    )
    assert.deepEqual(madeSlices(made), [
      'p80 -> 127.0.0.1:1',
      'http -> 127.0.0.1:1',
      'p90 -> 127.0.0.1:1',
      'p90 -> 127.0.0.1:2',
    ])
  })

  test('takes the place of slices and of the annotation, of this Service alone', () => {
    const annotated = service([{ name: 'http', port: 80 }], { 'lintel.dev/endpoints': '127.0.0.1:9', 'a.b/c': 'd' })
    const made = standIn(snapshotOf([annotated, own, other]), ['web=127.0.0.1:1'])
    assert.deepEqual(madeSlices(made), ['http -> 127.0.0.1:1'])
    assert.ok(made.list('EndpointSlice').includes(other) && !made.list('EndpointSlice').includes(own))
    assert.deepEqual(made.list('Service')[0]?.value['metadata'], { name: 'web', annotations: { 'a.b/c': 'd' } })
  })

  test('takes the place of an external name', () => {
    const spec = { type: 'ExternalName', externalName: 'api.example.com', ports: [{ name: 'http', port: 80 }] }
    const outside = sourceObject('Service', { metadata: { name: 'web' }, spec })
    const made = standIn(snapshotOf([outside]), ['web=127.0.0.1:1'])
    assert.deepEqual(madeSlices(made), ['http -> 127.0.0.1:1'])
    assert.deepEqual(made.list('Service')[0]?.value['spec'], { ports: [{ name: 'http', port: 80 }] })
  })

  test('several for one Service are several endpoints; one for a port stands for that port alone', () => {
    const two = service([
      { name: 'http', port: 80 },
      { name: 'admin', port: 90 },
    ])
    const made = standIn(snapshotOf([two]), ['web:80=127.0.0.1:1', 'web:http=[::1]:2', 'web:90=10.0.0.1:3'])
    assert.deepEqual(madeSlices(made), ['http -> 127.0.0.1:1', 'http -> ::1:2', 'admin -> 10.0.0.1:3'])
    const families = made.list('EndpointSlice').map(({ value }) => value['addressType'])
    assert.deepEqual(families, ['IPv4', 'IPv6', 'IPv4'])
  })
})

test('standInsFor() stands in for the backends that have a port', () => {
  const made = standInsFor([reference(80), reference(90)], new Map([['default/web:80', 4_000]]))
  assert.deepEqual(made, [
    { namespace: 'default', service: 'web', port: 80, address: '127.0.0.1', endpointPort: 4_000 },
  ])
})
