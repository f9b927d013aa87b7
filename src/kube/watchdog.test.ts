import assert from 'node:assert/strict'
import { test } from 'node:test'

import { FakeClock } from '../../test/support/fake-clock.ts'
import { Watchdog } from './watchdog.ts'

function keep(): { clock: FakeClock; watchdog: Watchdog; calls: number[] } {
  const clock = new FakeClock()
  const calls: number[] = []
  return { clock, calls, watchdog: new Watchdog(clock, 100, () => calls.push(clock.now())) }
}

test('silence is told once, so long after what was heard last', () => {
  const { clock, watchdog, calls } = keep()
  clock.advance(500)
  watchdog.heard()
  clock.advance(60)
  watchdog.heard()
  clock.advance(99)
  assert.deepEqual(calls, [])
  clock.advance(1_000)
  assert.deepEqual([calls, clock.pending], [[660], 0])
})

test('however much is heard, one timer is set', () => {
  const { clock, watchdog, calls } = keep()
  for (let at = 0; at < 1_000; at++) {
    watchdog.heard()
    clock.advance(1)
    assert.equal(clock.pending, 1)
  }
  assert.deepEqual(calls, [])
})

test('one that was stopped says nothing, whatever it has heard', () => {
  const { clock, watchdog, calls } = keep()
  watchdog.heard()
  clock.advance(99)
  watchdog.heard()
  clock.advance(50)
  watchdog.stop()
  clock.advance(1_000)
  assert.deepEqual([calls, clock.pending], [[], 0])
})
