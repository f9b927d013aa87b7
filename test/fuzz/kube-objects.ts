import fc from 'fast-check'

import type { JsonRecord, SourceObject } from '../../src/model/index.ts'
import { makeTestCertificate } from '../support/certificates.ts'
import { tlsSecret } from '../support/objects.ts'
import { sourceObject } from '../support/source-object.ts'

/** Objects that meet: of few names, hosts and paths, so that most states have conflicts in them. */
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
export const ingress: fc.Arbitrary<SourceObject> = fc
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
          [{ hosts: ['*.test'], secretName: 'two' }],
          [{ secretName: 'one' }],
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
export const objects: fc.Arbitrary<SourceObject[]> = fc.uniqueArray(anyObject, {
  maxLength: 10,
  selector: ({ uid }) => uid,
})
/** States one after another: an object that stays is the same object, as a source promises. */
export const edits: fc.Arbitrary<SourceObject[][]> = fc
  .record({
    pool: fc.array(anyObject, { minLength: 1, maxLength: 14 }),
    picks: fc.array(fc.nat(), { minLength: 2, maxLength: 5 }),
  })
  .map(({ pool, picks }) =>
    picks.map((pick) => [
      ...new Map(pool.filter((_, at) => (pick >> at) % 2 === 1).map((one) => [one.uid, one])).values(),
    ]),
  )

export function plain(value: object): JsonRecord {
  return JSON.parse(JSON.stringify(value)) as JsonRecord
}

/** The pair (uid, revision) names the content, as a source promises. */
export function stamp(object: SourceObject, created: number): SourceObject {
  return { ...object, created, revision: JSON.stringify([object.value, created]) }
}
