import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import type { ServiceObject } from './kinds/index.ts'
import { faultOfReference, isForgeableName } from './service-port.ts'

const web: ServiceObject = {
  ref: { kind: 'Service', namespace: 'default', name: 'web' },
  annotations: new Map(),
  ports: [
    { name: 'http', protocol: 'TCP', port: 80, targetPort: undefined },
    { name: 'dns', protocol: 'UDP', port: 53, targetPort: undefined },
  ],
  externalName: undefined,
  family: undefined,
}
const outside: ServiceObject = { ...web, externalName: 'api.example.com' }

suite('faultOfReference()', () => {
  const rows: readonly (readonly [string, ServiceObject | undefined, number | string, boolean, string | undefined])[] =
    [
      ['the number', web, 80, false, undefined],
      ['the name', web, 'http', false, undefined],
      ['no Service', undefined, 80, false, 'ServiceNotFound'],
      ['no such number', web, 81, false, 'ServicePortNotFound'],
      ['no such name', web, 'https', false, 'ServicePortNotFound'],
      ['the number as a name', web, '80', false, 'ServicePortNotFound'],
      ['a UDP port', web, 53, false, 'ServicePortNotFound'],
      ['the name of a UDP port', web, 'dns', false, 'ServicePortNotFound'],
      ['ExternalName, off', outside, 80, false, 'ExternalNameNotAllowed'],
      ['ExternalName, on', outside, 80, true, undefined],
      ['ExternalName, no such port', outside, 81, true, 'ServicePortNotFound'],
      ['ExternalName without ports', { ...outside, ports: [] }, 443, true, undefined],
      ['ExternalName without ports, by name', { ...outside, ports: [] }, 'https', true, 'ServicePortNotFound'],
      ['ExternalName localhost', { ...outside, externalName: 'localhost' }, 80, true, 'ExternalNameNotAllowed'],
    ]
  for (const [what, service, port, allowed, fault] of rows)
    test(what, () => {
      const reference = { key: `default/web:${port}`, namespace: 'default', service: 'web', port }
      assert.equal(faultOfReference(reference, service, allowed), fault)
    })
})

test('isForgeableName() knows names of this machine and what looks like an address', () => {
  for (const name of ['127.0.0.1', '10.0.0.1', '127.1', '2130706433', '::1', 'localhost', 'a.localhost'])
    assert.ok(isForgeableName(name), name)
  for (const name of ['example.com', '1.example.com', 'localhost.example.com', 'notlocalhost'])
    assert.ok(!isForgeableName(name), name)
})
