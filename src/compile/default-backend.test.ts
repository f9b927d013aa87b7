import assert from 'node:assert/strict'
import { test } from 'node:test'

import { chooseDefaultBackend } from './default-backend.ts'
import type { ServiceObject } from './kinds/index.ts'

type Port = ServiceObject['ports'][number]
const udp: Port = { name: 'a', protocol: 'UDP', port: 53, targetPort: undefined }
const tcp: Port = { name: 'b', protocol: 'TCP', port: 8080, targetPort: undefined }

function service(name: string, ports: readonly Port[], externalName?: string): [string, ServiceObject] {
  const ref = { kind: 'Service', namespace: 'errors', name }
  return [`errors/${name}`, { ref, annotations: new Map(), ports, externalName, family: undefined }]
}

test('the first TCP port of the Service', () => {
  const chosen = chooseDefaultBackend('errors/pages', new Map([service('pages', [udp, tcp])]), false)
  assert.deepEqual([chosen?.reference.key, chosen?.fault], ['errors/pages:8080', undefined])
  assert.equal(chooseDefaultBackend(undefined, new Map(), false), undefined)
})

const faults: readonly (readonly [[string, ServiceObject], string, RegExp])[] = [
  [service('page', [tcp]), 'ServiceNotFound', /Is page meant/],
  [service('pages', [udp]), 'ServicePortNotFound', /namespace\/name/],
  [service('pages', [tcp], 'x.test'), 'ExternalNameNotAllowed', /--allow-external-name/],
]
for (const [given, code, hint] of faults)
  test(`${code} is told of the Service`, () => {
    const { fault, diagnostics = [] } = chooseDefaultBackend('errors/pages', new Map([given]), false) ?? {}
    assert.deepEqual([fault, diagnostics.map((each) => each.code)], [code, [code]])
    assert.match(diagnostics[0]?.hint ?? '', hint)
    assert.deepEqual(diagnostics[0]?.object, { kind: 'Service', namespace: 'errors', name: 'pages' })
  })
