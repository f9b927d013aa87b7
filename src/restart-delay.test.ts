import assert from 'node:assert/strict'
import { test } from 'node:test'

import { countFailures, restartDelay } from './restart-delay.ts'

test('restartDelay() grows with deaths in a row, and less where the process had served', () => {
  const counts = [1, 2, 3, 4, 9, 20]
  const delays = [false, true].map((hadServed) => counts.map((count) => restartDelay(count, hadServed)))
  assert.deepEqual(delays, [
    [0, 0, 200, 400, 10_000, 10_000],
    [0, 0, 200, 250, 250, 250],
  ])
})

test('countFailures() forgets after a good life', () => {
  assert.deepEqual([countFailures(3, 5_000), countFailures(3, 5_001)], [4, 0])
})
