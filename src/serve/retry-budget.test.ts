import assert from 'node:assert/strict'
import { test } from 'node:test'

import { RetryBudget } from './retry-budget.ts'

/** How many retries are granted while so many requests are under way. */
function granted(live: number): number {
  const budget = new RetryBudget()
  for (let at = 0; at < live; at++) budget.begin()
  let count = 0
  while (count < 1_000 && budget.take()) count++
  return count
}

test('a fifth of what is under way for the first time may be tried again, and three at least', () => {
  assert.deepEqual([0, 1, 10, 18, 19, 100].map(granted), [3, 3, 3, 3, 4, 17])
})

test('a retry that has ended may be made again, and a request that was not retried gives nothing back', () => {
  const budget = new RetryBudget()
  for (let at = 0; at < 4; at++) budget.begin()
  assert.deepEqual([budget.take(), budget.take(), budget.take(), budget.take()], [true, true, true, false])
  budget.end(false)
  assert.equal(budget.take(), false)
  budget.end(true)
  assert.equal(budget.take(), true)
  assert.equal(budget.take(), false)
})
