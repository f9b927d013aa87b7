import assert from 'node:assert/strict'
import { test } from 'node:test'

import { readDuration } from './duration.ts'

test('readDuration() reads what Go writes, and a bare number as seconds', () => {
  const table: readonly (readonly [text: string, ms: number | undefined])[] = [
    ['1m30s', 90_000],
    ['500ms', 500],
    ['10s', 10_000],
    ['1h', 3_600_000],
    ['1h0m0.5s', 3_600_500],
    ['1.5s', 1_500],
    ['10', 10_000],
    ['0.25', 250],
    ['0', 0],
    ['', undefined],
    ['s', undefined],
    ['10x', undefined],
    ['-5s', undefined],
    ['5 s', undefined],
    ['1m30', undefined],
    ['1e3', undefined],
    ['Infinity', undefined],
    ['0x10', undefined],
  ]
  for (const [text, ms] of table) assert.equal(readDuration(text), ms, text)
})

test('readDuration() answers at once, however long the text', () => {
  const begun = process.cpuUsage().user
  assert.equal(readDuration(`${'1'.repeat(100_000)}x`), undefined)
  assert.equal(readDuration(`${'1m'.repeat(100_000)}x`), undefined)
  assert.ok(process.cpuUsage().user - begun < 2_000_000)
})
