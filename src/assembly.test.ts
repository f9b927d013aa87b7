import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import { compileOptions } from '../test/support/compile-options.ts'
import { ingress as makeIngress, service as makeService, snapshotOf } from '../test/support/objects.ts'
import { sourceObject } from '../test/support/source-object.ts'
import { Assembly } from './assembly.ts'
import type { Assembled } from './assembly.ts'
import type { Diagnostic, Json, Snapshot, SourceObject } from './model/index.ts'
import { compileOptionsOf } from './serve-options.ts'
import { readStandIn } from './source/index.ts'
import type { StandIn } from './source/index.ts'

const options = compileOptionsOf(compileOptions)

const backend = { service: { name: 'web', port: { number: 80 } } }
const ingress = sourceObject('Ingress', {
  apiVersion: 'networking.k8s.io/v1',
  metadata: { name: 'web' },
  spec: { ingressClassName: 'lintel', rules: [{ http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }] },
})
const service = sourceObject('Service', { metadata: { name: 'web' }, spec: { ports: [{ port: 80 }] } })

function slice(address: Json): SourceObject {
  return sourceObject('EndpointSlice', {
    metadata: { name: 'web-1', labels: { 'kubernetes.io/service-name': 'web' } },
    addressType: 'IPv4',
    ports: [{ name: '', port: 8080 }],
    endpoints: [{ addresses: [address] }],
  })
}

const harmless = { 'nginx.ingress.kubernetes.io/proxy-read-timeout': '60' }

function codesOf(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.map(({ code }) => code)
}

function endpointsOf({ backends }: Assembled): string[] {
  return [...backends.values()].flatMap(({ endpoints }) => endpoints.map(({ address, port }) => `${address}:${port}`))
}

function standIns(...texts: readonly string[]): StandIn[] {
  return texts.flatMap((text) => readStandIn(text) ?? [])
}

suite('refresh(), for endpoints that changed alone,', () => {
  test('gives what assemble() gives, without compiling', () => {
    const assembly = new Assembly(options, [])
    const before = assembly.assemble(snapshotOf([ingress, service, slice('10.0.0.1')]))
    const after = assembly.refresh(snapshotOf([ingress, service, slice('10.0.0.2')]))
    assert.deepEqual([endpointsOf(before), endpointsOf(after)], [['10.0.0.1:8080'], ['10.0.0.2:8080']])
    assert.equal(after.compilation, before.compilation)
  })

  test('leaves what stands in where it stands', () => {
    const assembly = new Assembly(options, standIns('web=127.0.0.1:3000'))
    assembly.assemble(snapshotOf([ingress, service, slice('10.0.0.1')]))
    assert.deepEqual(endpointsOf(assembly.refresh(snapshotOf([ingress, service, slice('10.0.0.2')]))), [
      '127.0.0.1:3000',
    ])
    const alone = new Assembly(options, standIns('web=127.0.0.1:3000'))
    alone.assemble(snapshotOf([ingress]))
    assert.deepEqual(endpointsOf(alone.refresh(snapshotOf([ingress, slice('10.0.0.2')]))), ['127.0.0.1:3000'])
  })

  test('says what is wrong with a slice, and what the source has to say now', () => {
    const assembly = new Assembly(options, [])
    assembly.assemble(snapshotOf([ingress, service, slice('10.0.0.1')]))
    const broken = assembly.refresh(snapshotOf([ingress, service, slice('0.0.0.0')]))
    assert.deepEqual(
      broken.diagnostics.map(({ code, field }) => [code, field]),
      [['InvalidObject', 'endpoints[0].addresses[0]']],
    )
    assert.deepEqual([broken.accepted.length, broken.refused.length], [2, 1])
    const good = assembly.refresh(snapshotOf([ingress, service, slice('10.0.0.1')]))
    assert.deepEqual([good.diagnostics, good.refused], [[], []])
  })

  test('gives the same list of diagnostics, unless there is something else to say of slices or by the source', () => {
    const noted = makeIngress('noted', { rules: ['noted.test / -> web'], annotations: harmless })
    const refreshed = (given: Snapshot): Assembled['diagnostics'] => assembly.refresh(given).diagnostics
    const assembly = new Assembly(options, [])
    const { diagnostics } = assembly.assemble(snapshotOf([noted, service, slice('10.0.0.1')]))
    assert.deepEqual(codesOf(diagnostics), ['AnnotationNotServed'])
    assert.equal(refreshed(snapshotOf([noted, service, slice('10.0.0.2')])), diagnostics)
    const broken = slice('0.0.0.0')
    const more = refreshed(snapshotOf([noted, service, broken]))
    assert.deepEqual(codesOf(more), ['AnnotationNotServed', 'InvalidObject'])
    assert.equal(refreshed(snapshotOf([noted, service, broken])), more)
    const found = refreshed({ ...snapshotOf([noted, service, slice('10.0.0.1')]), diagnostics: more.slice(1) })
    assert.deepEqual(codesOf(found), ['InvalidObject', 'AnnotationNotServed'])
  })
})

function keys(...objects: readonly SourceObject[]): string[] {
  return new Assembly(options, []).echoKeys(snapshotOf([ingress, ...objects]))
}

test('what stands in may be several addresses of both families, and names', () => {
  const texts = ['web=127.0.0.1:1', 'web=[::1]:2', 'web=web.internal:3']
  const { backends, diagnostics } = new Assembly(options, standIns(...texts)).assemble(snapshotOf([ingress]))
  const found = [...backends.values()].flatMap(({ endpoints }) =>
    endpoints.map(({ address, port }) => `${address} ${port}`),
  )
  assert.deepEqual([found, diagnostics], [['127.0.0.1 1', '::1 2', 'web.internal 3'], []])
})

/** The object as it is, and each time that somebody looks into it is counted. */
function counted(object: SourceObject, looks: string[]): SourceObject {
  return {
    ...object,
    get value() {
      looks.push(`${object.ref.kind} ${object.ref.name}`)
      return object.value
    },
  }
}

/** `i0` to `i19`, two for each of ten hosts, each with a Service and a slice of its own. */
function objectsOf(at: number): SourceObject[] {
  const name = `s${at}`
  const labels = { 'kubernetes.io/service-name': name }
  const endpoints = [{ addresses: [`10.0.0.${at + 1}`] }]
  return [
    makeIngress(`i${at}`, { rules: [`h${at >> 1}.test /${at & 1} -> ${name}`] }),
    makeService(name),
    sourceObject('EndpointSlice', {
      metadata: { name, labels },
      addressType: 'IPv4',
      ports: [{ port: 8080 }],
      endpoints,
    }),
  ]
}

/** What of many objects is looked into, and what of it is new for workers, when one of them is another. */
function costOf(other: SourceObject, endpointsOnly = false): { looks: string[]; news: string[] } {
  const looks: string[] = []
  const before = Array.from({ length: 20 }, (_, at) => objectsOf(at))
    .flat()
    .map((object) => counted(object, looks))
  const assembly = new Assembly(options, [])
  const first = assembly.assemble(snapshotOf(before))
  looks.length = 0
  const now = snapshotOf(before.map((one) => (one.uid === other.uid ? counted(other, looks) : one)))
  const second = endpointsOnly ? assembly.refresh(now) : assembly.assemble(now)
  const hosts = differing(first.compilation.table.hosts, second.compilation.table.hosts)
  return { looks: [...new Set(looks)], news: [...hosts, ...differing(first.backends, second.backends)] }
}

function differing(before: ReadonlyMap<string, unknown>, after: ReadonlyMap<string, unknown>): string[] {
  return [...after].filter(([key, value]) => before.get(key) !== value).map(([key]) => key)
}

suite('among many objects', () => {
  test('a changed Ingress is the one that is read, and its host the one that is published', () => {
    const changed = makeIngress('i7', { rules: ['h3.test /new -> s7'] })
    assert.deepEqual(costOf(changed), { looks: ['Ingress i7'], news: ['h3.test'] })
  })

  test('nothing is published of an Ingress of which the status changed, nor of a Service with other labels', () => {
    const ingress7 = makeIngress('i7', { rules: ['h3.test /1 -> s7'] })
    const told = { ...ingress7, value: { ...ingress7.value, status: { loadBalancer: {} } } }
    assert.deepEqual(costOf(told), { looks: ['Ingress i7'], news: [] })
    assert.deepEqual(costOf(makeService('s7')), { looks: ['Service s7'], news: [] })
  })

  test('a changed slice is the one that is read, and its backend the one that is published', () => {
    const slice7 = objectsOf(7)[2] ?? ingress
    const moved = { ...slice7, value: { ...slice7.value, endpoints: [{ addresses: ['10.0.1.1'] }] } }
    assert.deepEqual(costOf(moved, true), { looks: ['EndpointSlice s7'], news: ['default/s7:80'] })
  })
})

test('echoKeys() are the backends whose Service is missing or has no endpoints, and no others', () => {
  const other = sourceObject('Service', { metadata: { name: 'web' }, spec: { ports: [{ port: 81 }] } })
  assert.deepEqual(keys(), ['default/web:80'])
  assert.deepEqual(keys(service), ['default/web:80'])
  assert.deepEqual(keys(service, slice('10.0.0.1')), [])
  assert.deepEqual(keys(other), [])
})
