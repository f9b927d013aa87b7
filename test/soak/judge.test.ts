import assert from 'node:assert/strict'
import { test } from 'node:test'

import { judge } from './judge.ts'

const figures = [
  { name: 'failed', value: 2, unit: '', most: 1 },
  { name: 'POSTs', value: 900, unit: '', least: 1_000 },
  { name: 'GETs', value: 1_000, unit: '', least: 1_000 },
  { name: 'memory', value: 7, unit: 'MiB', most: 7 },
]
const [much, little] = ['too much: failed: 2  (at most 1)', 'too little: POSTs: 900  (at least 1000)']

test('more than the most is a fault, and so is less than the least, beside what was found', () => {
  assert.deepEqual(judge({ figures, faults: ['lost'] }, false), { faults: ['lost', much, little], lacks: [] })
})

test('what there is too little of is no fault where there was too little time for it', () => {
  assert.deepEqual(judge({ figures, faults: ['lost'] }, true), { faults: ['lost', much], lacks: [little] })
})
