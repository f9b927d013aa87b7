import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import { isForbidden } from './guarded-lookup.ts'

suite('no name leads', () => {
  const places: readonly (readonly [where: string, addresses: readonly string[]])[] = [
    ['to this machine', ['127.0.0.1', '127.9.9.9', '0.0.0.0', '::', '::1', '::ffff:127.0.0.1']],
    ['to a link', ['169.254.169.254', 'fe80::1', 'FEBF::1', '::ffff:169.254.169.254']],
    [
      'to where clouds keep their metadata',
      ['fd00:ec2::254', 'FD00:EC2:0::254', '100.100.100.200', '::ffff:100.100.100.200', '168.63.129.16'],
    ],
  ]
  for (const [where, addresses] of places)
    test(where, () => {
      assert.deepEqual(
        addresses.filter((address) => !isForbidden(address)),
        [],
      )
    })

  test('but to any other host', () => {
    const addresses = ['10.0.0.1', '100.100.100.201', '168.63.129.17', '192.0.2.1', '2001:db8::1', 'fd00:ec2::253']
    assert.deepEqual(addresses.filter(isForbidden), [])
  })
})
