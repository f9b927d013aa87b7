import assert from 'node:assert/strict'
import { test } from 'node:test'

import { keepAliveOf } from './keep-alive.ts'

test('keepAliveOf() is a second less than announced, never negative, and bounded', () => {
  assert.deepEqual([5, 1, 0, 100_000].map(keepAliveOf), [4_000, 0, 0, 600_000])
  assert.equal(keepAliveOf(undefined), 4_000)
})
