import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { Compiler } from '../../src/compile/index.ts'
import type { Compilation, JsonRecord, Snapshot, SourceObject } from '../../src/model/index.ts'
import { compileOptions } from '../support/compile-options.ts'
import { sourceObject } from '../support/source-object.ts'

const hosts = ['a.test', 'b.test', '*.test', undefined] as const
const services = ['one', 'two', 'gone'] as const

function snapshotOf(objects: readonly SourceObject[]): Snapshot {
  return {
    list: (kind) => objects.filter(({ ref }) => ref.kind === kind),
    diagnostics: [],
    locate: () => undefined,
  }
}

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
  { 'nginx.ingress.kubernetes.io/auth-url': 'https://auth.test/' },
  { 'nginx.ingress.kubernetes.io/proxy-body-size': '2m' },
  { 'nginx.ingress.kubernetes.io/enable-cors': 'true' },
)
const ingress = fc
  .record({
    namespace: fc.constantFrom('x', 'y'),
    name: fc.constantFrom('i', 'j', 'k'),
    created: fc.constantFrom(1, 2, Infinity),
    annotations,
    spec: fc.record(
      {
        ingressClassName: fc.constantFrom('lintel', 'nginx', 'other'),
        defaultBackend: backend,
        rules: fc.array(rule, { maxLength: 3 }),
        tls: fc.constantFrom([], [{ hosts: ['a.test'], secretName: 'missing' }], [{ secretName: 'missing' }]),
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
  .record({ namespace: fc.constantFrom('x', 'y'), name: fc.constantFrom('one', 'two') })
  .map((metadata) => stamp(sourceObject('Service', plain({ metadata, spec: { ports: [{ port: 80 }] } })), Infinity))
const objects = fc.uniqueArray(fc.oneof({ weight: 3, arbitrary: ingress }, service), {
  maxLength: 8,
  selector: ({ uid }) => uid,
})

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
  const { table, backends, diagnostics, accepted, refused, certificateUses } = compilation
  return {
    hosts: sorted([...table.hosts]),
    tls: sorted([...table.tls]),
    catchAll: table.catchAll,
    backends: sorted([...backends]),
    lists: [diagnostics, accepted, refused, certificateUses].map(sorted),
  }
}

function compileFresh(given: readonly SourceObject[]): Compilation {
  return new Compiler(compileOptions).compile(snapshotOf(given))
}

test('compile() gives an equal compilation for any order of the same objects', () => {
  fc.assert(
    fc.property(objects, fc.nat(), (given, turn) => {
      const at = given.length === 0 ? 0 : turn % given.length
      const other = [...given.slice(at), ...given.slice(0, at)].toReversed()
      assert.deepEqual(comparable(compileFresh(other)), comparable(compileFresh(given)))
    }),
    { numRuns: 500 },
  )
})

test('compile() after any edits equals compiling from nothing, and what did not change stays the same object', () => {
  fc.assert(
    fc.property(fc.array(objects, { minLength: 2, maxLength: 4 }), (edits) => {
      const compiler = new Compiler(compileOptions)
      for (const given of edits) {
        const compiled = compiler.compile(snapshotOf(given))
        assert.deepEqual(comparable(compiled), comparable(compileFresh(given)))
        const again = compiler.compile(snapshotOf(given))
        for (const [host, table] of compiled.table.hosts) assert.equal(again.table.hosts.get(host), table)
      }
    }),
    { numRuns: 300 },
  )
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
