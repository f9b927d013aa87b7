import assert from 'node:assert/strict'
import { test } from 'node:test'

import { sourceObject } from '../../test/support/source-object.ts'
import { diagnose } from '../model/index.ts'
import { chooseDefaultBackend } from './default-backend.ts'
import { ReadKind } from './kind-reader.ts'
import type { ServiceObject } from './kinds/index.ts'

type Port = ServiceObject['ports'][number]
const rules = { allowExternalName: false, unread: undefined }
const udp: Port = { name: 'a', protocol: 'UDP', port: 53, targetPort: undefined }
const tcp: Port = { name: 'b', protocol: 'TCP', port: 8080, targetPort: undefined }

function service(name: string, ports: readonly Port[], externalName?: string): ReadKind<ServiceObject> {
  const ref = { kind: 'Service', namespace: 'errors', name }
  const value = { ref, annotations: new Map(), ports, externalName, family: undefined }
  return new ReadKind([{ name: `errors/${name}`, object: sourceObject('Service', {}), value, diagnostics: [] }])
}

function refused(name: string, message: string): ReadKind<ServiceObject> {
  const object = sourceObject('Service', { metadata: { name, namespace: 'errors' } })
  const diagnostics = [diagnose('InvalidObject', { object: object.ref, field: '' }, { message, hint: '' })]
  return new ReadKind<ServiceObject>([{ name: `errors/${name}`, object, value: undefined, diagnostics }])
}

test('the first TCP port of the Service', () => {
  const chosen = chooseDefaultBackend('errors/pages', service('pages', [udp, tcp]), rules)
  assert.deepEqual([chosen?.reference.key, chosen?.fault], ['errors/pages:8080', undefined])
  assert.equal(chooseDefaultBackend(undefined, new ReadKind([]), rules), undefined)
})

const faults: readonly (readonly [ReadKind<ServiceObject>, string, RegExp])[] = [
  [service('page', [tcp]), 'ServiceNotFound', /Is page meant/],
  [service('pages', [udp]), 'ServicePortNotFound', /namespace\/name/],
  [service('pages', [tcp], 'x.test'), 'ExternalNameNotAllowed', /--allow-external-name/],
]
for (const [given, code, hint] of faults)
  test(`${code} is told of the Service`, () => {
    const { fault, diagnostics = [] } = chooseDefaultBackend('errors/pages', given, rules) ?? {}
    assert.deepEqual([fault, diagnostics.map((each) => each.code)], [code, [code]])
    assert.match(diagnostics[0]?.hint ?? '', hint)
    assert.deepEqual(diagnostics[0]?.object, { kind: 'Service', namespace: 'errors', name: 'pages' })
  })

test('one that is refused is not called missing', () => {
  const { fault, diagnostics = [] } =
    chooseDefaultBackend('errors/pages', refused('pages', 'spec.ports: not a list'), rules) ?? {}
  assert.equal(fault, 'ServiceNotFound')
  assert.match(diagnostics[0]?.message ?? '', /errors\/pages is refused: spec\.ports: not a list; /)
})

test('one that may not be read is not called missing', () => {
  const unread = { ...rules, unread: 'services is forbidden' }
  const { fault, diagnostics = [] } =
    chooseDefaultBackend('errors/pages', new ReadKind<ServiceObject>([]), unread) ?? {}
  assert.deepEqual([fault, diagnostics.map(({ code }) => code)], ['ServiceNotFound', ['ServiceUnread']])
  assert.match(diagnostics[0]?.message ?? '', /errors\/pages could not be read: services is forbidden; /)
})
