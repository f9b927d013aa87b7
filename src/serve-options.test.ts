import assert from 'node:assert/strict'
import { test } from 'node:test'

import { ownSocketsOf } from './serve-options.ts'

const listening = { httpPort: 8080, httpsPort: 8443, adminPort: 10_254, admissionPort: undefined }
const pod = { POD_NAMESPACE: 'lintel' }

test('a pod listens at all addresses of its interfaces, or at the one that it was bound to', () => {
  const ports = [8080, 8443, 10_254]
  assert.deepEqual(ownSocketsOf({ ...listening, address: '10.0.0.7' }, pod), {
    addresses: ['10.0.0.7'],
    ports,
    namespace: 'lintel',
  })
  for (const address of ['::', '0.0.0.0']) {
    const own = ownSocketsOf({ ...listening, address }, pod)
    assert.deepEqual(own?.ports, ports)
    assert.ok(own.addresses.includes('127.0.0.1'))
    assert.ok(!own.addresses.includes(address))
  }
})

test('outside of a pod nothing is known of other namespaces', () => {
  assert.equal(ownSocketsOf({ ...listening, address: '::' }, {}), undefined)
})
