import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { Compiler, EndpointResolver } from '../../src/compile/index.ts'
import type { ResolvedEndpoints } from '../../src/compile/index.ts'
import type { Compilation, JsonRecord, SourceObject } from '../../src/model/index.ts'
import { makeTestCertificate } from '../support/certificates.ts'
import { compileOptions } from '../support/compile-options.ts'
import { snapshotOf, tlsSecret } from '../support/objects.ts'
import { sourceObject } from '../support/source-object.ts'

const hosts = ['a.test', 'b.test', '*.test', undefined] as const
const services = ['one', 'two', 'gone'] as const

/** Mostly the same, so that objects meet. */
const home = fc.constantFrom('x', 'x', 'x', 'y')
const backend = fc.constantFrom(...services).map((name) => ({ service: { name, port: { number: 80 } } }))
const path = fc.record({
  path: fc.constantFrom('/', '/a', '/a/', '/a/b', '/a?b', '/%61'),
  pathType: fc.constantFrom('Exact', 'Prefix', 'ImplementationSpecific'),
  backend,
})
const rule = fc.record(
  { host: fc.constantFrom(...hosts), http: fc.record({ paths: fc.array(path, { minLength: 1, maxLength: 3 }) }) },
  { requiredKeys: [] },
)
const annotations = fc.constantFrom(
  {},
  { 'kubernetes.io/ingress.class': 'nginx' },
  { 'nginx.ingress.kubernetes.io/force-ssl-redirect': 'true' },
  { 'nginx.ingress.kubernetes.io/auth-url': 'https://auth.test/' },
  { 'nginx.ingress.kubernetes.io/proxy-body-size': '2m' },
  { 'nginx.ingress.kubernetes.io/enable-cors': 'true' },
)
const ingress = fc
  .record({
    namespace: home,
    name: fc.constantFrom('i', 'j', 'k'),
    created: fc.constantFrom(1, 2, Infinity),
    annotations,
    spec: fc.record(
      {
        ingressClassName: fc.constantFrom('lintel', 'nginx', 'other'),
        defaultBackend: backend,
        rules: fc.array(rule, { maxLength: 3 }),
        tls: fc.constantFrom(
          [],
          [{ hosts: ['a.test', '*.test'], secretName: 'one' }],
          [{ secretName: 'two' }],
          [{ hosts: ['b.test'], secretName: 'missing' }],
        ),
      },
      { requiredKeys: ['rules'] },
    ),
  })
  .map(({ namespace, name, created, annotations: notes, spec }) =>
    stamp(
      sourceObject(
        'Ingress',
        plain({
          apiVersion: 'networking.k8s.io/v1',
          kind: 'Ingress',
          metadata: { namespace, name, annotations: notes },
          spec,
        }),
      ),
      created,
    ),
  )
const service = fc
  .record({
    namespace: home,
    name: fc.constantFrom('one', 'two'),
    spec: fc.constantFrom(
      { ports: [{ port: 80 }] },
      { ports: [{ port: 81 }] },
      { ports: [] },
      { type: 'ExternalName', externalName: 'api.test' },
    ),
  })
  .map(({ spec, ...metadata }) => stamp(sourceObject('Service', plain({ metadata, spec })), Infinity))
const slice = fc
  .record({
    namespace: home,
    name: fc.constantFrom('one', 'two'),
    of: fc.constantFrom('one', 'one', 'two'),
    addresses: fc.shuffledSubarray(['10.0.0.1', '10.0.0.2', '10.0.0.3', '0.0.0.0'], { maxLength: 2 }),
    conditions: fc.constantFrom({}, { ready: false }, { ready: false, serving: true, terminating: true }),
  })
  .map(({ of, addresses, conditions, ...named }) => {
    const metadata = { ...named, labels: { 'kubernetes.io/service-name': of } }
    const endpoints = addresses.map((address) => ({ addresses: [address], conditions }))
    const rest = { addressType: 'IPv4', ports: [{ port: 8080 }], endpoints }
    return stamp(sourceObject('EndpointSlice', plain({ metadata, ...rest })), Infinity)
  })
const ingressClass = fc
  .record({
    name: fc.constantFrom('lintel', 'nginx', 'other'),
    controller: fc.constantFrom('lintel.dev/ingress-controller', 'k8s.io/ingress-nginx', 'a.test/b', 'wrong'),
    isDefault: fc.constantFrom('true', 'false'),
    created: fc.constantFrom(1, 2, Infinity),
  })
  .map(({ name, controller, isDefault, created }) => {
    const metadata = { name, annotations: { 'ingressclass.kubernetes.io/is-default-class': isDefault } }
    return stamp(sourceObject('IngressClass', plain({ metadata, spec: { controller } })), created)
  })
const pairs = [
  await makeTestCertificate('ec', ['a.test', '*.test']),
  await makeTestCertificate('rsa', ['a.test', 'b.test'], 'rsa'),
  { chain: 'junk', key: 'junk' },
]
const secret = fc
  .record({
    name: fc.constantFrom('one', 'two'),
    namespace: home,
    pair: fc.constantFrom(...pairs),
  })
  .map(({ name, namespace, pair }) => stamp(tlsSecret(name, pair, namespace), Infinity))
const anyObject = fc.oneof(
  { weight: 6, arbitrary: ingress },
  { weight: 2, arbitrary: service },
  { weight: 2, arbitrary: slice },
  ingressClass,
  secret,
)
const objects = fc.uniqueArray(anyObject, { maxLength: 10, selector: ({ uid }) => uid })
/** States one after another: an object that stays is the same object, as a source promises. */
const edits = fc
  .record({
    pool: fc.array(anyObject, { minLength: 1, maxLength: 14 }),
    picks: fc.array(fc.nat(), { minLength: 2, maxLength: 5 }),
  })
  .map(({ pool, picks }) =>
    picks.map((pick) => [
      ...new Map(pool.filter((_, at) => (pick >> at) % 2 === 1).map((one) => [one.uid, one])).values(),
    ]),
  )

function plain(value: object): JsonRecord {
  return JSON.parse(JSON.stringify(value)) as JsonRecord
}

/** The pair (uid, revision) names the content, as a source promises. */
function stamp(object: SourceObject, created: number): SourceObject {
  return { ...object, created, revision: JSON.stringify([object.value, created]) }
}

function sorted(list: readonly unknown[]): string[] {
  return list.map((entry) => JSON.stringify(entry)).toSorted()
}

/** What does not depend on order: lists of findings and of names are compared as sets. */
function comparable(compilation: Compilation): unknown {
  const { table, backends, faults, diagnostics, accepted, refused, certificateUses } = compilation
  return {
    hosts: sorted([...table.hosts]),
    tls: sorted([...table.tls]),
    catchAll: table.catchAll,
    certificates: sorted([...table.certificates.keys()]),
    defaultCertificates: table.defaultCertificates,
    backends: sorted([...backends]),
    faults: sorted([...faults]),
    lists: [diagnostics, accepted, refused, certificateUses].map(sorted),
  }
}

function compileFresh(given: readonly SourceObject[]): Compilation {
  return new Compiler(compileOptions).compile(snapshotOf(given))
}

function resolveFresh(compilation: Compilation, given: readonly SourceObject[]): unknown {
  return comparableEndpoints(new EndpointResolver(compileOptions).resolve(compilation.backends, snapshotOf(given)))
}

function comparableEndpoints({ backends, slices: lists }: ResolvedEndpoints): unknown {
  return { backends: sorted([...backends]), lists: [lists.diagnostics, lists.accepted, lists.refused].map(sorted) }
}

test('any order of the same objects gives an equal compilation and equal endpoints', () => {
  const shuffled = objects.chain((given) =>
    fc.record({
      given: fc.constant(given),
      other: fc.shuffledSubarray(given, { minLength: given.length, maxLength: given.length }),
    }),
  )
  fc.assert(
    fc.property(shuffled, ({ given, other }) => {
      const [compiled, again] = [compileFresh(given), compileFresh(other)]
      assert.deepEqual(comparable(again), comparable(compiled))
      assert.deepEqual(resolveFresh(again, other), resolveFresh(compiled, given))
    }),
    { numRuns: 1_000 },
  )
})

test('compile() after any edits equals compiling from nothing, and what did not change stays the same object', () => {
  let kept = 0
  const check = (states: readonly (readonly SourceObject[])[]): void => {
    const compiler = new Compiler(compileOptions)
    const resolver = new EndpointResolver(compileOptions)
    let before: Compilation | undefined
    for (const given of states) {
      const compiled = compiler.compile(snapshotOf(given))
      const fresh = compileFresh(given)
      assert.deepEqual(comparable(compiled), comparable(fresh))
      const resolved = resolver.resolve(compiled.backends, snapshotOf(given))
      assert.deepEqual(comparableEndpoints(resolved), resolveFresh(fresh, given))
      for (const [host, table] of compiled.table.hosts) if (before?.table.hosts.get(host) === table) kept++
      const again = compiler.compile(snapshotOf(given))
      for (const [host, table] of compiled.table.hosts) assert.equal(again.table.hosts.get(host), table)
      before = compiled
    }
  }
  fc.assert(fc.property(edits, check), { numRuns: 500 })
  assert.ok(kept > 50, `${kept} host tables were kept from one state to the next`)
})

test('compile() never throws on a mutated object, and its neighbours keep their routes', () => {
  const neighbour = stamp(
    sourceObject(
      'Ingress',
      plain({
        apiVersion: 'networking.k8s.io/v1',
        metadata: { namespace: 'z', name: 'neighbour' },
        spec: {
          rules: [
            {
              host: 'own.z',
              http: {
                paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'one', port: { number: 80 } } } }],
              },
            },
          ],
        },
      }),
    ),
    Infinity,
  )
  const alone = compileFresh([neighbour]).table.hosts.get('own.z')
  const broken = fc.record({
    kind: fc.constantFrom('Ingress', 'Service', 'Secret', 'EndpointSlice'),
    value: fc.dictionary(
      fc.constantFrom('apiVersion', 'metadata', 'spec', 'data', 'ports', 'endpoints', 'type'),
      fc.jsonValue(),
    ),
  })
  fc.assert(
    fc.property(broken, ({ kind, value }) => {
      const hostile = stamp(sourceObject(kind, plain(value)), Infinity)
      assert.deepEqual(compileFresh([hostile, neighbour]).table.hosts.get('own.z'), alone)
    }),
    { numRuns: 1_000 },
  )
})
