import assert from 'node:assert/strict'
import { test } from 'node:test'

import { FakeClock } from '../../test/support/fake-clock.ts'
import { ConnectQueue } from './connect-queue.ts'

test('of thousands of connections that are wanted at once, some are opened in each turn of the loop, in order', () => {
  const clock = new FakeClock()
  const queue = new ConnectQueue(clock)
  const opened: number[] = []
  const leave = Array.from({ length: 100 }, (_, at) => queue.enter(() => opened.push(at)))
  leave[40]?.()
  const counts: number[] = []
  for (let turn = 0; turn < 5; turn++) {
    counts.push(opened.length)
    clock.stall(0)
  }
  assert.deepEqual(counts, [32, 64, 96, 99, 99])
  assert.deepEqual(
    opened,
    Array.from({ length: 100 }, (_, at) => at).filter((at) => at !== 40),
  )
  assert.equal(clock.pending, 0)
})

test('who comes later does not go before those who wait, nor beyond what a turn opens', () => {
  const clock = new FakeClock()
  const queue = new ConnectQueue(clock)
  const opened: string[] = []
  const enter = (name: string, count: number): void => {
    for (let at = 0; at < count; at++) queue.enter(() => opened.push(name))
  }
  enter('early', 40)
  clock.stall(0)
  enter('late', 40)
  assert.deepEqual([opened.length, opened.lastIndexOf('early')], [64, 39])
  clock.stall(0)
  assert.equal(opened.length, 80)
})

test('a queue that is cleared opens nothing more and waits for nothing', () => {
  const clock = new FakeClock()
  const queue = new ConnectQueue(clock)
  let opened = 0
  for (let at = 0; at < 40; at++) queue.enter(() => opened++)
  queue.clear()
  assert.equal(clock.pending, 0)
  assert.equal(opened, 32)
})
