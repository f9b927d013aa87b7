import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'

import { FakeClock } from '../../test/support/fake-clock.ts'
import { Pace } from './pace.ts'
import type { Asker, Turn } from './pace.ts'

const signal = new AbortController().signal

/** Asks for a turn, and notes when it came. */
function ask(pace: Pace, clock: FakeClock, got: { turn: Turn; at: number }[], until: AbortSignal = signal): void {
  pace.turn(until).then(
    (turn) => void got.push({ turn, at: clock.now() }),
    () => undefined,
  )
}

async function pass(clock: FakeClock, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 50) {
    clock.advance(50)
    await nextTurn()
  }
}

suite('turns', () => {
  test('while the server is well, everybody has one at once', async () => {
    const pace = new Pace(new FakeClock(), () => 0.5)
    await Promise.all(Array.from({ length: 20 }, () => pace.turn(signal)))
  })

  test('in an outage they come one at a time, a second or more apart', async () => {
    const clock = new FakeClock()
    const pace = new Pace(clock, () => 0)
    const got: { turn: Turn; at: number }[] = []
    ;(await pace.turn(signal)).ill()
    for (let waiting = 0; waiting < 5; waiting++) ask(pace, clock, got)
    for (let second = 0; second < 20; second++) {
      await pass(clock, 1_000)
      const last = got.at(-1)
      last?.turn.spend()
      last?.turn.ill()
      if (got.length > 4) ask(pace, clock, got)
    }
    const gaps = got.slice(2).map(({ at }, index) => at - (got[index + 1]?.at ?? 0))
    assert.ok(got.length > 5)
    assert.ok(Math.min(...gaps) >= 1_000, gaps.join(' '))
  })

  test('the first that ends well gives way to everybody', async () => {
    const clock = new FakeClock()
    const pace = new Pace(clock, () => 0.5)
    const got: { turn: Turn; at: number }[] = []
    ;(await pace.turn(signal)).ill()
    for (let waiting = 0; waiting < 4; waiting++) ask(pace, clock, got)
    await pass(clock, 5_000)
    assert.equal(got.length, 1)
    got[0]?.turn.well()
    await nextTurn()
    assert.equal(got.length, 4)
    assert.equal(pace.ill, false)
  })

  test('a turn of many requests is followed by as many seconds, and a little more', async () => {
    const clock = new FakeClock()
    const pace = new Pace(clock, () => 0)
    const got: { turn: Turn; at: number }[] = []
    const first = await pace.turn(signal)
    for (let requests = 0; requests < 7; requests++) first.spend()
    first.ill()
    ask(pace, clock, got)
    await pass(clock, 7_600)
    assert.equal(got.length, 0)
    await pass(clock, 200)
    assert.equal(got.length, 1)
  })

  test('Retry-After is kept to', async () => {
    const clock = new FakeClock()
    const pace = new Pace(clock, () => 0)
    const got: { turn: Turn; at: number }[] = []
    ;(await pace.turn(signal)).ill(30_000)
    ask(pace, clock, got)
    await pass(clock, 29_900)
    assert.equal(got.length, 0)
    await pass(clock, 200)
    assert.equal(got.length, 1)
  })

  test('Retry-After is kept to though others have failed before', async () => {
    const clock = new FakeClock()
    const pace = new Pace(clock, () => 0)
    const got: { turn: Turn; at: number }[] = []
    const [first, second] = [await pace.turn(signal), await pace.turn(signal)]
    first.ill()
    ask(pace, clock, got)
    second.ill(20_000)
    await pass(clock, 19_900)
    assert.equal(got.length, 0)
    await pass(clock, 200)
    assert.equal(got.length, 1)
  })

  test('who gives up waiting, or ends without a word, holds nobody up', async () => {
    const clock = new FakeClock()
    const pace = new Pace(clock, () => 0)
    const got: { turn: Turn; at: number }[] = []
    const impatient = new AbortController()
    ;(await pace.turn(signal)).ill()
    const waiting = pace.turn(impatient.signal)
    ask(pace, clock, got)
    ask(pace, clock, got)
    impatient.abort()
    await assert.rejects(waiting)
    await pass(clock, 1_000)
    assert.equal(got.length, 1)
    got[0]?.turn.pass()
    await pass(clock, 100)
    assert.equal(got.length, 2)
  })

  test('a scout goes before others who have waited longer', async () => {
    const clock = new FakeClock()
    const pace = new Pace(clock, () => 0)
    const got: { turn: Turn; at: number }[] = []
    ;(await pace.turn(signal)).ill()
    ask(pace, clock, got)
    let scouted = false
    void pace.turn(signal, 'scout').then(() => (scouted = true))
    await pass(clock, 1_000)
    assert.deepEqual([scouted, got.length], [true, 0])
  })

  test('while scouts fail and others do not, everybody has turns, a second apart; a leader waits for no turn of others', async () => {
    const clock = new FakeClock()
    const pace = new Pace(clock, () => 0.99)
    const asked: { asker: Asker; at: number; waited: number }[] = []
    ;(await pace.turn(signal, 'scout')).ill()
    const keepAsking = async (asker: Asker, requests: number): Promise<void> => {
      for (;;) {
        const begun = clock.now()
        const turn = await pace.turn(signal, asker)
        for (let sent = 0; sent < requests; sent++) {
          turn.spend()
          asked.push({ asker, at: clock.now(), waited: clock.now() - begun })
        }
        if (asker === 'scout') turn.ill()
        else turn.well()
        // A Lease is renewed again after two seconds.
        if (asker === 'leader') await new Promise<void>((resolve) => void clock.after(2_000, resolve))
      }
    }
    void keepAsking('scout', 1)
    void keepAsking('scout', 5)
    for (let others = 0; others < 3; others++) void keepAsking('other', 1)
    void keepAsking('leader', 1)
    await pass(clock, 300_000)
    const of = (asker: Asker): typeof asked => asked.filter((each) => each.asker === asker)
    assert.ok(asked.length <= 300, `${asked.length} requests in 300 s`)
    assert.ok(Math.max(...of('leader').map(({ waited }) => waited)) <= 3_100)
    assert.ok(of('leader').length >= 60 && of('other').length >= 30 && of('scout').length >= 30)
  })

  test('what a server refuses that may be just starting is no sign of health, for half a minute', async () => {
    const clock = new FakeClock()
    const pace = new Pace(clock, () => 0)
    const got: { turn: Turn; at: number }[] = []
    const first = await pace.turn(signal)
    assert.equal(first.refused(), false)
    first.ill()
    const answers: boolean[] = []
    for (let second = 0; second < 40 && pace.ill; second++) {
      if (got.length === answers.length) ask(pace, clock, got)
      await pass(clock, 1_100)
      const last = got.at(-1)
      last?.turn.spend()
      answers.push(last?.turn.refused() ?? false)
      if (answers.at(-1) === false) last?.turn.well()
    }
    const gaps = got.slice(1).map(({ at }, index) => at - (got[index]?.at ?? 0))
    assert.ok(Math.min(...gaps) >= 1_000, gaps.join(' '))
    assert.ok(answers.length >= 26 && answers.length <= 29, `${answers.length} refusals`)
    assert.deepEqual([...new Set(answers.slice(0, -1)), answers.at(-1)], [true, false])
  })

  test('of five faults at once the first counts', async () => {
    const clock = new FakeClock()
    const pace = new Pace(clock, () => 0.99)
    const got: { turn: Turn; at: number }[] = []
    const turns = await Promise.all(Array.from({ length: 5 }, () => pace.turn(signal)))
    for (const each of turns) each.ill()
    ask(pace, clock, got)
    await pass(clock, 600)
    assert.equal(got.length, 1)
  })
})
