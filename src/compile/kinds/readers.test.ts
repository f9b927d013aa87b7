import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import fc from 'fast-check'

import { sourceObject } from '../../../test/support/source-object.ts'
import type { Json, JsonRecord, SourceObject } from '../../model/index.ts'
import type { Read } from '../decode.ts'
import {
  kinds,
  readConfigMap,
  readEndpointSlice,
  readIngress,
  readIngressClass,
  readSecret,
  readService,
} from './index.ts'

const service = { name: 'web', port: { number: 80 } }
const metadata = { name: 'web', namespace: 'default', labels: { a: 'b' }, annotations: { a: 'b' } }

/** Each reader with an object that it accepts. */
const readers: readonly (readonly [kind: string, read: (object: SourceObject) => Read<unknown>, value: JsonRecord])[] =
  [
    [
      'Ingress',
      readIngress,
      {
        apiVersion: 'networking.k8s.io/v1',
        metadata,
        spec: {
          ingressClassName: 'lintel',
          defaultBackend: { resource: { apiGroup: 'a.b', kind: 'A', name: 'b' } },
          rules: [{ host: 'a.test', http: { paths: [{ path: '/', pathType: 'Exact', backend: { service } }] } }],
          tls: [{ hosts: ['a.test'], secretName: 'a' }],
        },
      },
    ],
    [
      'IngressClass',
      readIngressClass,
      {
        metadata,
        spec: { controller: 'a.b/c', parameters: { kind: 'A', name: 'b', scope: 'Namespace', namespace: 'c' } },
      },
    ],
    [
      'Service',
      readService,
      {
        metadata,
        spec: {
          type: 'ClusterIP',
          ipFamilies: ['IPv4'],
          ports: [{ name: 'a', port: 80, protocol: 'TCP', targetPort: 1 }],
        },
      },
    ],
    [
      'EndpointSlice',
      readEndpointSlice,
      {
        metadata,
        addressType: 'IPv4',
        endpoints: [{ addresses: ['10.0.0.1'], conditions: { ready: true, serving: true, terminating: false } }],
        ports: [{ name: 'a', port: 80, protocol: 'TCP' }],
      },
    ],
    ['Secret', readSecret, { metadata, type: 'Opaque', data: { 'tls.crt': 'YQ==' }, stringData: { 'tls.key': 'a' } }],
    ['ConfigMap', readConfigMap, { metadata, data: { 'ssl-redirect': 'false', 'proxy-body-size': '8m' } }],
  ]

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}

/** Every copy of `value` with one part of it replaced. */
function mutants(value: Json, part: Json): Json[] {
  if (isList(value)) return [part, ...value.flatMap((at, i) => mutants(at, part).map((each) => value.with(i, each)))]
  if (typeof value !== 'object' || value === null) return [part]
  const inside = Object.entries(value).flatMap(([name, at]) =>
    mutants(at, part).map((each): Json => ({ ...value, [name]: each })),
  )
  return [part, ...inside]
}

function isRecord(value: Json): value is JsonRecord {
  return typeof value === 'object' && value !== null && !isList(value)
}

test('every kind has a reader that this page tests', () => {
  assert.deepEqual(
    kinds.map(({ kind }) => kind),
    readers.map(([kind]) => kind),
  )
})

for (const [kind, read, value] of readers)
  suite(`the reader of ${kind}`, () => {
    test('accepts the object that the others are made of', () => {
      const { value: found, diagnostics } = read(sourceObject(kind, value))
      assert.deepEqual(diagnostics, [])
      assert.notEqual(found, undefined)
    })

    test('answers a value or errors whatever stands in whatever place, and each error once', () => {
      const anything = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>
      fc.assert(
        fc.property(anything, (part) => {
          for (const mutant of mutants(value, part).filter(isRecord)) {
            const { value: found, diagnostics } = read(sourceObject(kind, mutant))
            const wrong = diagnostics.some(({ severity }) => severity === 'error')
            assert.equal(found === undefined, wrong)
            assert.equal(new Set(diagnostics.map(({ message }) => message)).size, diagnostics.length)
            const code = wrong ? 'InvalidObject' : 'FieldIgnored'
            assert.ok(diagnostics.every((said) => said.code === code && said.hint && said.message))
          }
        }),
        { numRuns: 200 },
      )
    })

    test('takes __proto__, constructor and the like for keys as any', () => {
      const text = '{"__proto__":{"polluted":"yes"},"constructor":"a","toString":"b","hasOwnProperty":"c"}'
      const hostile = JSON.parse(text) as JsonRecord
      for (const mutant of mutants(value, hostile).filter(isRecord)) read(sourceObject(kind, mutant))
      assert.equal(Object.hasOwn(Object.prototype, 'polluted'), false)
    })
  })

test('annotations with hostile names arrive as they are', () => {
  const annotations = JSON.parse('{"__proto__":"a","constructor":"b"}') as JsonRecord
  const { value } = readService(
    sourceObject('Service', { metadata: { name: 'web', annotations }, spec: { ports: [{ port: 80 }] } }),
  )
  assert.deepEqual(
    [...(value?.annotations ?? [])],
    [
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ],
  )
})
