import assert from 'node:assert/strict'
import { test } from 'node:test'

import { whenCalm } from './yardstick.ts'

/** Reads these steps one after another. */
function yardstickOf(...steps: number[]): { read: () => Promise<number> } {
  return { read: async () => steps.shift() ?? Number.NaN }
}

test('work waits for a moment that is calm enough', async () => {
  const yardstick = yardstickOf(20, 9.1, 8, 7, 6)
  const done = await whenCalm(yardstick, 9, async () => ({ left: await yardstick.read() }))
  assert.deepEqual(done, { left: 7, cacheStep: 8 })
})

test('of the readings before and after the slower one is told', async () => {
  assert.deepEqual(await whenCalm(yardstickOf(8, 30), 9, async () => ({})), { cacheStep: 30 })
  assert.deepEqual(await whenCalm(yardstickOf(8, 5), 9, async () => ({})), { cacheStep: 8 })
})

test('without a limit nothing is waited for, and without a yardstick nothing is told', async () => {
  assert.deepEqual(await whenCalm(yardstickOf(50, 5), Infinity, async () => ({})), { cacheStep: 50 })
  assert.deepEqual(await whenCalm(undefined, 9, async () => ({})), {})
})
