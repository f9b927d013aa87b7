import assert from 'node:assert/strict'
import { test } from 'node:test'

import { normalAddress } from './normal-address.ts'

for (const [text, normal] of [
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['::FFFF:C000:201', '192.0.2.1'],
  ['0:0:0:0:0:ffff:c000:201', '192.0.2.1'],
  ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
  ['2001:0db8::0001', '2001:db8::1'],
  ['::1', '::1'],
  ['::ffff:0:c000:201', '::ffff:0:c000:201'],
  ['fe80::1%eth0', 'fe80::1%eth0'],
  ['shop.example', 'shop.example'],
] as const)
  test(`${text} is written as ${normal}`, () => assert.equal(normalAddress(text), normal))
