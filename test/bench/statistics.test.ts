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
  assert.deepEqual(summarize([100, 9, 20, 30, 40]), { count: 5, median: 30, least: 9, most: 100, spread: 20 })
})

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
