import assert from 'node:assert/strict'
import { test } from 'node:test'

import { risePerHour } from './slope.ts'

test('the rise is that of the line through the samples, whatever their spacing', () => {
  const samples = [0, 1, 5, 12].map((minutes) => ({ at: 1_000 + minutes * 60_000, value: 7 + minutes }))
  assert.ok(Math.abs(risePerHour(samples) - 60) < 1e-6)
  assert.equal(risePerHour(samples.slice(0, 1)), 0)
})
