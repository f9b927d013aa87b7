import assert from 'node:assert/strict'
import { test } from 'node:test'

import { judgeLifetimes, mostLate } from './lifetimes.ts'

test('lifetimes from the deadline on are right, those before it and far beyond it are faults', () => {
  assert.deepEqual(judgeLifetimes('a head', [3_000, 3_300, 4_000], 3_000).faults, [])
  assert.deepEqual(judgeLifetimes('a head', [2_000, 3_000, 2_500, 3_001 + mostLate], 3_000).faults, [
    'a head: 2 ended early, such as after 2000 ms',
    'a head: 1 ended late, such as after 23001 ms',
  ])
})
