import assert from 'node:assert/strict'
import { test } from 'node:test'

import { cells } from './cells/index.ts'
import { drawChart } from './chart.ts'
import { printFigures } from './figures.ts'
import { goals } from './goals.ts'
import { judge } from './judgement.ts'
import { readOptions } from './options.ts'
import { addRun, beginRun } from './record.ts'
import type { BenchRecord } from './record.ts'
import { replaceFigures } from './report.ts'
import type { Sample } from './sample.ts'
import { printGoals, printResults } from './table.ts'

const usage = { seconds: 3, proxy: 2.7, parts: { 'lintel: control': 0.3 }, neighbours: 0.1, stolen: 0 }

function sample(candidate: string, round: number, value: number, more: Partial<Sample> = {}): Sample {
  return { cell: 'h1-1k', candidate, round, value, usage, count: 9, failed: 0, figures: { p99: value / 10 }, ...more }
}

function recordOf(samples: readonly Sample[]): BenchRecord {
  return addRun({ commit: 'abc', changed: false, runs: [] }, { ...beginRun(readOptions([]), {}), samples })
}

const ratio = { cell: 'h1-1k', of: { ratioTo: 'nginx' }, must: 1.15, goal: 1 }

test('judge() takes the median of the rounds, not the ratio of medians', () => {
  const samples = [10, 100, 1_000].flatMap((scale, round) => [
    sample('nginx', round, scale),
    sample('lintel', round, scale * [1.1, 0.9, 1.3][round]!),
  ])
  const { found, verdict } = judge(samples, ratio)
  assert.equal(found.count, 3)
  assert.ok(Math.abs(found.median - 1.1) < 1e-9)
  assert.equal(verdict, 'met')
})

test('judge() tells a goal from a must, and both from a miss', () => {
  const at = (value: number): string => judge([sample('nginx', 1, 1), sample('lintel', 1, value)], ratio).verdict
  assert.deepEqual([at(1), at(1.15), at(1.16)], ['goal reached', 'met', 'missed'])
  assert.equal(judge([sample('lintel', 1, 1)], ratio).verdict, 'not measured')
})

test('judge() does not count what was thrown away', () => {
  const busy = { discarded: 'others used 0.40 cores' }
  const samples = [sample('nginx', 1, 1), sample('lintel', 1, 9, busy), sample('nginx', 2, 1), sample('lintel', 2, 1)]
  assert.equal(judge(samples, ratio).verdict, 'goal reached')
})

test('judge() lets one failure in one round be a miss', () => {
  const goal = { cell: 'h1-1k', of: { figure: 'failed' }, must: 0 }
  const samples = [1, 2, 3].map((round) => sample('lintel', round, 1, { failed: round === 2 ? 1 : 0 }))
  assert.equal(judge(samples, goal).verdict, 'missed')
})

test('every goal is about a cell that there is', () => {
  const known = cells.map(({ id }) => id)
  assert.deepEqual(
    goals.map(({ cell }) => cell).filter((cell) => !known.includes(cell)),
    [],
  )
})

const someSamples = [
  sample('nginx', 1, 20),
  sample('lintel', 1, 30),
  sample('caddy', 1, 70, { discarded: 'others used 1.00 cores' }),
]

test('tables show medians, what was thrown away, and no figure that is none', () => {
  const results = printResults(someSamples, cells[0]!)
  assert.match(results, /^lintel +30\.00 +1\.50 /m)
  assert.match(results, /^caddy +- .* 0 +1$/m)
  assert.match(results, /lintel: control 0\.100 cores/)
  assert.match(printGoals(someSamples, goals), /^h1-1k: ratio to nginx +1\.50 .* missed$/m)
})

test('chart and README show the ratios of the samples that count', () => {
  const record = recordOf(someSamples)
  const chart = drawChart(record)
  assert.match(chart, /lintel: 1\.50 × nginx/)
  assert.doesNotMatch(chart, /NaN|caddy: /)
  const figures = printFigures(record)
  assert.match(figures, /^\| HTTP\/1\.1, 1 KB +\| 1\.50 +\| +\|/m)
  assert.match(figures, /^\| HTTP\/1\.1, 1 KB: ratio to nginx +\| 1\.15 +\| 1 +\| 1\.50 +\| [^|]+\| \*\*missed\*\*/m)
  assert.doesNotMatch(figures, /NaN/)
})

test('the README is replaced between its marks alone', () => {
  const page = 'a <!-- printed by test/bench/report.ts --> old <!-- end of what it prints --> b'
  assert.match(replaceFigures(page, 'new'), /^a <!-- printed .*-->\n\nnew\n\n<!-- end .*--> b$/)
  assert.throws(() => replaceFigures('a', 'new'), /no place for figures/)
})
