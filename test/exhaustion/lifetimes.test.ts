import assert from 'node:assert/strict'
import { test } from 'node:test'

import { judge } from '../soak/judge.ts'
import { judgeLifetimes, mostLate, mostLateInSoak } from './lifetimes.ts'

test('lifetimes from the deadline on are right, those before it and far beyond it are faults', () => {
  assert.deepEqual(judgeLifetimes('a head', [3_000, 3_300, 4_000], 3_000).faults, [])
  assert.deepEqual(judgeLifetimes('a head', [2_000, 3_000, 2_500, 3_001 + mostLate], 3_000).faults, [
    'a head: 2 ended early, such as after 2000 ms',
    'a head: 1 ended late, such as after 23001 ms',
  ])
})

test('in a soak two seconds are too late, and what is seen late counts from then', () => {
  const latest = 3_000 + mostLateInSoak
  assert.deepEqual(judge(judgeLifetimes('a head', [latest], 3_000), false).faults, [])
  assert.equal(judge(judgeLifetimes('a head', [latest + 1], 3_000), false).faults.length, 1)
  assert.deepEqual(judge(judgeLifetimes('a reader', [latest + 750], 3_000, 750), false).faults, [])
})
