import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { isRange } from './address-range.ts'

describe('isRange()', () => {
  for (const range of ['10.0.0.0/8', '0.0.0.0/0', '192.0.2.1', '2001:db8::/32', '::1', '::/0', '::ffff:10.0.0.0/104'])
    it(`takes ${range}`, () => assert.equal(isRange(range), true))
  for (const range of [
    '',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0/8',
    '10.0.0.0/8/8',
    '::/129',
    'fe80::1%eth0',
    'a.test',
    '::ffff:10.0.0.0/8',
    '::ffff:a00:0/95',
    '10.0.0.0/-1',
  ])
    it(`refuses ${JSON.stringify(range)}`, () => assert.equal(isRange(range), false))
})
