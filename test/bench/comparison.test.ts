import assert from 'node:assert/strict'
import { test } from 'node:test'

import { compareRecords } from './comparison.ts'
import type { Goal } from './goals.ts'
import type { Sample } from './sample.ts'
import { printComparison } from './table.ts'

const usage = { seconds: 1, proxy: 1, parts: {}, neighbours: 0, stolen: 0 }
const goals: readonly Goal[] = [
  { cell: 'h1-1k', of: { ratioTo: 'nginx' }, must: 1 },
  { cell: 'h1-1k', of: { figure: 'failed' }, must: 0 },
]

/** Forty rounds, in which Lintel costs nginx times these, one after another. */
function samplesOf(...ratios: readonly number[]): Sample[] {
  const sample = { cell: 'h1-1k', usage, count: 1, failed: 0, figures: {} }
  return Array.from({ length: 40 }, (_, round) => [
    { ...sample, candidate: 'nginx', round, value: 20 },
    { ...sample, candidate: 'lintel', round, value: 20 * (ratios[round % ratios.length] ?? 0) },
  ]).flat()
}

function changeOf(before: readonly Sample[], now: readonly Sample[]): string | undefined {
  const [first, ...others] = compareRecords(before, now, goals)
  assert.deepEqual(others, [], 'failures are judged by themselves')
  return first?.change
}

test('what lies outside of all that it may have been before is a change', () => {
  assert.equal(changeOf(samplesOf(1.1, 1.12), samplesOf(1.2, 1.22)), 'worse')
  assert.equal(changeOf(samplesOf(1.2, 1.22), samplesOf(1.1, 1.12)), 'better')
})

test('what lies within it is none', () => {
  assert.equal(changeOf(samplesOf(1, 1.2), samplesOf(1.1, 1.15)), 'alike')
  assert.equal(changeOf([], samplesOf(1)), 'not measured')
  assert.equal(changeOf(samplesOf(1), []), 'not measured')
})

test('the table shows both', () => {
  const printed = printComparison(compareRecords(samplesOf(1.1), samplesOf(1.2), goals))
  assert.match(printed, /^h1-1k: ratio to nginx +1\.10 +1\.10 to 1\.10 +1\.20 +1\.20 to 1\.20 +worse$/m)
})
