import assert from 'node:assert/strict'
import { test } from 'node:test'

import { FakeClock } from '../../test/support/fake-clock.ts'
import { Deadlines } from './deadlines.ts'

test('a deadline expires once, at most one period late', () => {
  const clock = new FakeClock()
  const times: number[] = []
  const deadline = new Deadlines(clock, 500).watch(() => times.push(clock.now()))
  deadline.arm(1_200)
  clock.advance(10_000)
  assert.deepEqual(times, [1_500])
})

test('arming again moves a deadline, disarming takes it back', () => {
  const clock = new FakeClock()
  let expired = 0
  const deadline = new Deadlines(clock, 500).watch(() => expired++)
  deadline.arm(1_000)
  clock.advance(900)
  deadline.arm(1_000)
  clock.advance(900)
  assert.equal(expired, 0)
  deadline.disarm()
  clock.advance(10_000)
  assert.equal(expired, 0)
})

test('a deadline that expired may be armed again by its owner', () => {
  const clock = new FakeClock()
  let expired = 0
  const deadline = new Deadlines(clock, 500).watch(() => {
    expired++
    if (expired < 3) deadline.arm(1_000)
  })
  deadline.arm(1_000)
  clock.advance(10_000)
  assert.equal(expired, 3)
})

test('a closed deadline never expires, and the last one to close stops the sweep', () => {
  const clock = new FakeClock()
  const deadlines = new Deadlines(clock, 500)
  const deadline = deadlines.watch(() => assert.fail('expired after close'))
  deadline.arm(100)
  deadline.close()
  clock.advance(10_000)
  assert.equal(clock.pending, 0)
})

test('of thousands that have passed, some end in each turn of the loop, and all without another sweep', () => {
  const clock = new FakeClock()
  const ended: number[] = []
  const deadlines = new Deadlines(clock, 500)
  const all = Array.from({ length: 200 }, (_, at) => deadlines.watch(() => ended.push(at)))
  for (const deadline of all) deadline.arm(400)
  const counts: number[] = []
  clock.stall(500)
  all[150]?.close()
  all[160]?.arm(1_000)
  for (let turn = 0; turn < 8; turn++) {
    counts.push(ended.length)
    clock.stall(0)
  }
  assert.deepEqual(counts, [32, 64, 96, 128, 160, 192, 198, 198])
  assert.deepEqual([ended.includes(150), ended.includes(160)], [false, false], 'who was closed or heard meanwhile')
  for (const deadline of all) deadline.close()
  assert.equal(clock.pending, 0)
})

test('the last one that closes stops a sweep that would go on', () => {
  const clock = new FakeClock()
  const deadlines = new Deadlines(clock, 500)
  const all = Array.from({ length: 100 }, () => deadlines.watch(() => undefined))
  for (const deadline of all) deadline.arm(400)
  clock.stall(500)
  for (const deadline of all) deadline.close()
  assert.equal(clock.pending, 0)
})

test('where the loop was held up, what came in the meantime is heard first', () => {
  const clock = new FakeClock()
  const times: number[] = []
  const deadlines = new Deadlines(clock, 500)
  const heard = deadlines.watch(() => assert.fail('expired though it was heard'))
  const silent = deadlines.watch(() => times.push(clock.now()))
  for (const deadline of [heard, silent]) deadline.arm(5_000)
  clock.advance(1_000)
  clock.stall(60_000)
  heard.disarm()
  clock.advance(1_000)
  assert.deepEqual(times, [61_500])
})

test('under lasting overload a deadline expires, one late sweep after that which would have ended it', () => {
  const clock = new FakeClock()
  const times: number[] = []
  const deadline = new Deadlines(clock, 500).watch(() => times.push(clock.now()))
  deadline.arm(5_000)
  for (let turn = 0; turn < 10; turn++) clock.stall(2_000)
  assert.deepEqual(times, [8_000])
})
