import assert from 'node:assert/strict'
import { test } from 'node:test'

import { quantile, ratios, shuffle, summarize } from './statistics.ts'

test('quantile() lies between two values by distance', () => {
  assert.equal(quantile([1, 2, 3, 4], 0.5), 2.5)
  assert.equal(quantile([10, 20], 0.25), 12.5)
  assert.equal(quantile([7], 0.99), 7)
  assert.ok(Number.isNaN(quantile([], 0.5)))
})

test('summarize() orders numbers as numbers', () => {
  const { interval, ...rest } = summarize([100, 9, 20, 30, 40])
  assert.deepEqual(rest, { count: 5, median: 30, least: 9, most: 100, spread: 20 })
  assert.deepEqual(interval, [9, 100])
})

test('summarize() says the closer where the median lies, the more values there are, nine times in ten', () => {
  assert.deepEqual(summarize(Array.from({ length: 100 }, (_, at) => at)).interval, [41, 58])
  const random = seeded(7)
  const draw = (): number => random() + random()
  let held = 0
  for (let trial = 0; trial < 1_000; trial++) {
    const [low, high] = summarize(Array.from({ length: 40 }, draw)).interval
    if (low <= 1 && 1 <= high) held++
  }
  assert.ok(held > 880 && held < 960, `${held} of 1,000`)
})

/** The same numbers for the same seed (a linear congruential generator). */
function seeded(seed: number): () => number {
  let state = seed
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32
}

test('ratios() compares within a round, and skips a round that one of the two has no figure for', () => {
  const figures = [
    { candidate: 'lintel', round: 1, value: 30 },
    { candidate: 'nginx', round: 1, value: 20 },
    { candidate: 'nginx', round: 2, value: 1 },
    { candidate: 'lintel', round: 3, value: 10 },
    { candidate: 'nginx', round: 3, value: 40 },
  ]
  assert.deepEqual(ratios(figures, 'lintel', 'nginx'), [1.5, 0.25])
})

test('shuffle() keeps everything and can give every order', () => {
  const orders = new Set<string>()
  for (const first of [0, 0.4, 0.8]) for (const second of [0, 0.6]) orders.add(order(first, second))
  assert.equal(orders.size, 6)
})

function order(...draws: number[]): string {
  return shuffle(['a', 'b', 'c'], () => draws.shift() ?? 0).join('')
}
