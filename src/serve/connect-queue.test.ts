import assert from 'node:assert/strict'
import { test } from 'node:test'

import { FakeClock } from '../../test/support/fake-clock.ts'
import { ConnectQueue } from './connect-queue.ts'

const [one, other] = [{}, {}]

test('of thousands of connections that are wanted at once, some are opened in each turn of the loop, in order', () => {
  const clock = new FakeClock()
  const queue = new ConnectQueue(clock)
  const opened: number[] = []
  const leave = Array.from({ length: 100 }, (_, at) => queue.enter(one, () => opened.push(at)))
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

interface Crowd {
  readonly queue: ConnectQueue
  readonly clock: FakeClock
  readonly opened: readonly string[]
  readonly enter: (to: object, name: string) => () => void
}

/** 80 who want one endpoint, of whom 32 have it. */
function crowd(): Crowd {
  const clock = new FakeClock()
  const queue = new ConnectQueue(clock)
  const opened: string[] = []
  const enter = (to: object, name: string): (() => void) => queue.enter(to, () => opened.push(name))
  for (let at = 0; at < 80; at++) enter(one, 'early')
  return { queue, clock, opened, enter }
}

test('who comes later does not go before those who wait, nor beyond what a turn opens', () => {
  const { clock, opened, enter } = crowd()
  clock.stall(0)
  enter(one, 'late')
  assert.equal(opened.length, 64)
  clock.stall(0)
  assert.deepEqual([opened.length, opened.at(-1)], [81, 'late'])
})

test('endpoints take turns: a burst to one does not hold up who wants another', () => {
  const { clock, opened, enter } = crowd()
  for (let at = 0; at < 3; at++) enter(other, 'other')
  clock.stall(0)
  assert.deepEqual(opened.slice(32, 39), ['early', 'other', 'early', 'other', 'early', 'other', 'early'])
  assert.equal(opened.length, 64)
})

test('an endpoint whose last one left is not waited for', () => {
  const { clock, opened, enter } = crowd()
  enter(other, 'other')()
  clock.advance(0)
  assert.deepEqual([opened.length, opened.includes('other'), clock.pending], [80, false, 0])
})

test('a queue that is cleared opens nothing more and waits for nothing', () => {
  const { queue, clock, opened } = crowd()
  queue.clear()
  assert.deepEqual([clock.pending, opened.length], [0, 32])
})
