import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import type { KindDescriptor } from '../model/index.ts'
import { readManifest } from './manifest-file.ts'
import type { ManifestFile } from './manifest-file.ts'
import { placeDiagnostics, snapshotOf } from './manifest-snapshot.ts'

function kind(name: string, group: string, namespaced = true): KindDescriptor {
  return { kind: name, group, version: 'v1', plural: `${name.toLowerCase()}s`, namespaced }
}
const kinds = [
  kind('Service', ''),
  kind('Ingress', 'networking.k8s.io'),
  kind('IngressClass', 'networking.k8s.io', false),
]

function read(text: string | Buffer, name = 'a.yaml'): ManifestFile {
  return readManifest(name, Buffer.from(text), kinds)
}

function namesOf({ objects }: ManifestFile): string[] {
  return objects.map(({ object: { ref } }) => `${ref.kind} ${ref.namespace}/${ref.name}`)
}

/** What a file alone comes to, a line each: `LINE:COLUMN CODE message`. */
function told(text: string | Buffer): string[] {
  return snapshotOf([read(text)]).diagnostics.map(
    ({ line, column, code, message }) => `${line}:${column} ${code} ${message}`,
  )
}

function created(text: string): number | undefined {
  return read(`apiVersion: v1\nkind: Service\nmetadata: {name: a, creationTimestamp: ${text}}`).objects[0]?.object
    .created
}

function service(name: string): string {
  return `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}}\n`
}

suite('readManifest() finds objects', () => {
  test('in many documents, and passes over empty ones', () => {
    assert.deepEqual(namesOf(read(`---\n# nothing\n---\n${service('a')}---\n${service('b')}---\n`)), [
      'Service default/a',
      'Service default/b',
    ])
  })

  test('in a List, in Lists of one kind, and in Lists in Lists', () => {
    const one = { apiVersion: 'v1', metadata: { name: 'one' } }
    const two = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'two', namespace: 'x' } }
    const list = { kind: 'List', apiVersion: 'v1', items: [two, { kind: 'ServiceList', items: [one] }] }
    assert.deepEqual(namesOf(read(JSON.stringify(list))), ['Service x/two', 'Service default/one'])
    assert.deepEqual(namesOf(read('{"kind": "List", "apiVersion": "v1", "items": []}')), [])
  })

  test('in JSON objects one after another, as kubectl writes them to one file', () => {
    const [one, two] = ['one', 'two'].map((name) => ({ apiVersion: 'v1', kind: 'Service', metadata: { name } }))
    assert.deepEqual(namesOf(read(`${JSON.stringify(one, null, 4)}\n${JSON.stringify(two, null, 4)}\n`)), [
      'Service default/one',
      'Service default/two',
    ])
  })

  test('whose namespace is default if they name none, and none at all if the kind has none', () => {
    const named = 'apiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata: {name: c, namespace: x}\n'
    assert.deepEqual(namesOf(read(named)), ['IngressClass /c'])
  })

  test('with their age, where there is one that can be read', () => {
    assert.equal(created('2026-01-02T03:04:05Z'), Date.UTC(2026, 0, 2, 3, 4, 5))
    assert.equal(created('"2026-01-02T03:04:05Z"'), Date.UTC(2026, 0, 2, 3, 4, 5))
    for (const text of ['null', 'yesterday', '2026-13-45T00:00:00Z', '5', '{}']) assert.equal(created(text), Infinity)
  })
})

suite('readManifest() says what it passes over and what it cannot take', () => {
  const rows: readonly (readonly [what: string, text: string | Buffer, told: readonly string[]])[] = [
    [
      'other kinds, once a kind',
      'kind: Pod\n---\nkind: Pod\n---\nkind: Deployment\n',
      [
        '1:7 KindIgnored objects of kind Pod are passed over',
        '5:7 KindIgnored objects of kind Deployment are passed over',
      ],
    ],
    [
      'kinds of the same name in groups of other projects',
      'kind: Service\napiVersion: serving.knative.dev/v1\n',
      ['1:7 KindIgnored objects of kind Service of serving.knative.dev/v1 are passed over'],
    ],
    ['no kind', 'apiVersion: v1\n', ['1:1 InvalidObject kind is required, but missing']],
    ['no version', 'kind: Service\nmetadata: {name: a}\n', ['1:1 InvalidObject apiVersion is required, but missing']],
    [
      'no name',
      'kind: Service\napiVersion: v1\nmetadata: {}\n',
      ['3:11 InvalidObject metadata.name is required, but missing'],
    ],
    ['no object', '- 1\n---\ntext\n', ['1:1 InvalidObject not an object', '3:1 InvalidObject not an object']],
    [
      'no name, of the second of two JSON objects on a line',
      '{"kind": "Pod"} {"kind": "Service", "apiVersion": "v1", "metadata": {}}',
      [
        '1:69 InvalidObject metadata.name is required, but missing',
        '1:10 KindIgnored objects of kind Pod are passed over',
      ],
    ],
    ['an item that is none', 'kind: List\nitems:\n- 1\n', ['3:3 InvalidObject not an object']],
    ['octets that are not UTF-8', Buffer.from([0x61, 0xff]), ['1:1 SyntaxError not UTF-8']],
  ]
  for (const [what, text, lines] of rows)
    test(what, () => {
      assert.deepEqual(told(text), lines)
    })
  test('more than 64 MiB', () => {
    assert.match(told(Buffer.alloc(64 * 1024 * 1024 + 1, '#')).join(''), /SyntaxError 67108865 octets/)
  })
})

suite('a diagnostic is placed', () => {
  const text = `${service('a')}spec:\n  ports:\n  - port: 80\n    name: "x"\n---\nkind: List\nitems:\n- {apiVersion: v1, kind: Service, metadata: {name: b}, spec: {type: A}}\n`
  const snapshot = snapshotOf([read(text)])
  const rows: readonly (readonly [name: string, field: string, place: string])[] = [
    ['a', 'spec.ports[0].port', '6:11'],
    ['a', 'spec.ports[0].name', '7:11'],
    ['a', 'spec.ports[0].protocol', '6:5'],
    ['a', 'spec.ports[7].port', '6:3'],
    ['a', 'metadata.annotations.a.b/c', '3:11'],
    ['a', '', '1:1'],
    ['b', 'spec.type', '11:69'],
    ['b', '', '11:3'],
  ]
  for (const [name, field, place] of rows)
    test(`${name} ${field} at ${place}`, () => {
      const object = { kind: 'Service', namespace: 'default', name }
      const [placed] = placeDiagnostics(
        [{ code: 'InvalidObject', severity: 'error', object, field, message: '', hint: '' }],
        snapshot,
      )
      assert.equal(`${placed?.file} ${placed?.line}:${placed?.column}`, `a.yaml ${place}`)
    })
})

test('of an object that stands twice the later one counts, and the earlier one is told so', () => {
  const [first, second] = [read(service('a'), 'one.yaml'), read(`\n${service('a')}`, 'two.yaml')]
  const snapshot = snapshotOf([first, second])
  assert.deepEqual(
    snapshot.list('Service').map((object) => object),
    second.objects.map(({ object }) => object),
  )
  assert.deepEqual(
    snapshot.diagnostics.map(({ code, file, line, message }) => [code, file, line, message]),
    [['DuplicateObject', 'one.yaml', 3, 'stands again in two.yaml:4, which counts']],
  )
})
