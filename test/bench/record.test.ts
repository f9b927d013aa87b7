import assert from 'node:assert/strict'
import { test } from 'node:test'

import { readOptions } from './options.ts'
import { addRun, beginRun, holdsCell, samplesOf } from './record.ts'
import type { BenchRecord, BenchRun } from './record.ts'
import type { Sample } from './sample.ts'

const usage = { seconds: 2, proxy: 2, parts: {}, neighbours: 0, stolen: 0 }
const empty: BenchRecord = { commit: 'abc', changed: false, runs: [] }

function sample(cell: string, candidate: string, value: number, discarded?: string): Sample {
  const found = { usage, count: 1, failed: 0, value, figures: {} }
  return { cell, candidate, round: 1, ...found, ...(discarded === undefined ? {} : { discarded }) }
}

function run(...samples: Sample[]): BenchRun {
  return { ...beginRun(readOptions([]), {}), samples }
}

test('a cell of a record is of one run: the last that measured it', () => {
  const first = run(sample('a', 'lintel', 1), sample('b', 'lintel', 2))
  const second = run(sample('b', 'nginx', 3))
  const record = addRun(addRun(empty, first), second)
  assert.deepEqual(
    samplesOf(record).map(({ cell, value }) => [cell, value]),
    [
      ['a', 1],
      ['b', 3],
    ],
  )
})

test('a run of which nothing is left, and one that has measured nothing, are not in a record', () => {
  const record = addRun(addRun(empty, run(sample('a', 'lintel', 1))), run(sample('a', 'lintel', 2)))
  assert.deepEqual(
    record.runs.map(({ samples }) => samples[0]?.value),
    [2],
  )
  assert.deepEqual(addRun(record, run()), record)
})

test('a cell is held when each candidate has enough samples that count', () => {
  const record = addRun(empty, run(sample('a', 'lintel', 1), sample('a', 'nginx', 1), sample('b', 'lintel', 1, 'busy')))
  assert.equal(holdsCell(record, 'a', ['lintel', 'nginx'], 1), true)
  assert.equal(holdsCell(record, 'a', ['lintel', 'nginx'], 2), false)
  assert.equal(holdsCell(record, 'a', ['lintel', 'caddy'], 1), false)
  assert.equal(holdsCell(record, 'b', ['lintel'], 1), false)
})
