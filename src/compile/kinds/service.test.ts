import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import { sourceObject } from '../../../test/support/source-object.ts'
import type { Json } from '../../model/index.ts'
import { readService } from './service.ts'

type Fields = Readonly<Record<string, Json>>

function read(spec: Fields, name = 'web'): ReturnType<typeof readService> {
  return readService(sourceObject('Service', { metadata: { name }, spec: { ports: [{ port: 80 }], ...spec } }))
}

test('readService() reads ports with their defaults', () => {
  const ports = [
    { name: 'http', port: 80, targetPort: 8080 },
    { name: 'dns', port: 53, targetPort: 'dns', protocol: 'UDP' },
  ]
  assert.deepEqual(read({ ports, ipFamilies: ['IPv6', 'IPv4'] }).value, {
    ref: { kind: 'Service', namespace: 'default', name: 'web' },
    annotations: new Map(),
    ports: [
      { name: 'http', protocol: 'TCP', port: 80, targetPort: 8080 },
      { name: 'dns', protocol: 'UDP', port: 53, targetPort: undefined },
    ],
    externalName: undefined,
    family: 'IPv6',
  })
})

test('readService() heeds externalName in Services of that type alone', () => {
  assert.equal(read({ type: 'ExternalName', externalName: 'a.test.', ports: null }).value?.externalName, 'a.test')
  assert.equal(read({ externalName: 'a.test' }).value?.externalName, undefined)
})

suite('readService() holds Services to the API server', () => {
  const two = (a: Fields, b: Fields): Fields => ({ ports: [a, b] })
  const rows: readonly (readonly [what: string, spec: Fields, field: string | undefined])[] = [
    ['headless without ports', { clusterIP: 'None', ports: null }, undefined],
    ['no ports', { ports: [] }, 'spec.ports'],
    ['no number', { ports: [{}] }, 'spec.ports[0].port'],
    ['port 0', { ports: [{ port: 0 }] }, 'spec.ports[0].port'],
    ['port 65536', { ports: [{ port: 65_536 }] }, 'spec.ports[0].port'],
    ['port in quotes', { ports: [{ port: '80' }] }, 'spec.ports[0].port'],
    ['protocol tcp', { ports: [{ port: 80, protocol: 'tcp' }] }, 'spec.ports[0].protocol'],
    ['a name in upper case', { ports: [{ port: 80, name: 'HTTP' }] }, 'spec.ports[0].name'],
    ['a name of 63', { ports: [{ port: 80, name: 'a'.repeat(63) }] }, undefined],
    ['two without names', two({ port: 1, name: 'a' }, { port: 2 }), 'spec.ports[1].name'],
    ['a name twice', two({ port: 1, name: 'a' }, { port: 2, name: 'a' }), 'spec.ports'],
    ['a port twice', two({ port: 1, name: 'a' }, { port: 1, name: 'b' }), 'spec.ports'],
    ['a port per protocol', two({ port: 1, name: 'a' }, { port: 1, name: 'b', protocol: 'UDP' }), undefined],
    ['type Other', { type: 'Other' }, 'spec.type'],
    ['family IPv5', { ipFamilies: ['IPv5'] }, 'spec.ipFamilies[0]'],
    ['targetPort 70000', { ports: [{ port: 80, targetPort: 70_000 }] }, 'spec.ports[0].targetPort'],
    ['targetPort that is a map', { ports: [{ port: 80, targetPort: {} }] }, 'spec.ports[0].targetPort'],
    ['ExternalName without name', { type: 'ExternalName' }, 'spec.externalName'],
    ['ExternalName that is a URL', { type: 'ExternalName', externalName: 'http://a' }, 'spec.externalName'],
    ['ExternalName in brackets', { type: 'ExternalName', externalName: '[::1]' }, 'spec.externalName'],
    ['ExternalName that looks like an address', { type: 'ExternalName', externalName: '10.0.0.1' }, undefined],
  ]
  for (const [what, spec, field] of rows)
    test(what, () => {
      const fields = read(spec).diagnostics.map((diagnostic) => diagnostic.field)
      assert.deepEqual(fields, field === undefined ? [] : [field])
    })

  for (const [name, valid] of [
    ['1web', true],
    ['a'.repeat(63), true],
    ['a'.repeat(64), false],
    ['a.b', false],
    ['Web', false],
    ['-web', false],
  ] as const)
    test(`name ${name}`, () => {
      assert.equal(read({}, name).value !== undefined, valid)
    })
})
