import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'

import fc from 'fast-check'

import { startApi } from '../../test/support/api-client.ts'
import { fail } from '../../test/support/fake-api-server.ts'
import { FakeClock } from '../../test/support/fake-clock.ts'
import { LeaseTable, Participant } from '../../test/support/lease-table.ts'
import { Elector } from './lease.ts'

const deadline = { timeout: 60_000 }
const lease = { namespace: 'lintel', name: 'lintel-leader' }

/** A candidate that takes part, with the terms that it was given. */
class Candidate {
  readonly process: Participant
  readonly elector: Elector
  readonly terms: AbortSignal[] = []
  readonly ended: Promise<void>
  readonly #stop = new AbortController()

  constructor(name: string, { time, table }: Election, random: () => number) {
    this.process = new Participant(name, table, time)
    const handler = { elected: (term: AbortSignal) => void this.terms.push(term), failed: () => undefined }
    const { client, clock } = this.process
    this.elector = new Elector(client, { lease, identity: name }, { clock, random }, handler)
    this.ended = this.elector.run(this.#stop.signal)
  }

  get leads(): boolean {
    return this.elector.leads
  }

  stop(): void {
    this.#stop.abort()
  }
}

/** Candidates for one Lease, in time that is driven. */
class Election {
  readonly time = new FakeClock()
  readonly table = new LeaseTable(this.time)
  readonly candidates: Candidate[] = []

  join(name: string, random = (): number => 0.5): Candidate {
    const candidate = new Candidate(name, this, random)
    this.candidates.push(candidate)
    return candidate
  }

  get leaders(): string[] {
    return this.candidates.filter(({ leads }) => leads).map(({ process }) => process.name)
  }

  /** Time passes in small steps; at each of them there is at most one leader. */
  async pass(ms: number, step = 50): Promise<void> {
    for (let passed = 0; passed < ms; passed += step) {
      this.time.advance(step)
      await turn()
      assert.ok(this.leaders.length <= 1, `${this.leaders.join(' and ')} lead at ${this.time.now()}`)
    }
  }

  /** Until one leads; answers how long that took. */
  async untilLed(by: Candidate): Promise<number> {
    const begun = this.time.now()
    while (!by.leads) await this.pass(50)
    return this.time.now() - begun
  }
}

suite('a Lease has one leader', deadline, () => {
  test('the first leads and renews; the second waits, and reads alone', async () => {
    const election = new Election()
    const one = election.join('one')
    await election.untilLed(one)
    const two = election.join('two')
    await election.pass(120_000)
    assert.deepEqual(election.leaders, ['one'])
    assert.deepEqual([one.terms.length, two.terms.length], [1, 0])
    assert.deepEqual(new Set(election.table.writes.map(({ by }) => by)), new Set(['one']))
    const between = election.table.writes.map(({ at }, index, all) => at - (all[index - 1]?.at ?? at))
    assert.ok(Math.max(...between) <= 2_100, `${Math.max(...between)} ms without a renewal`)
  })

  test('a leader that is killed is followed within 17 s, whatever the moment', async (t) => {
    let longest = 0
    for (let apart = 0; apart < 1_800; apart += 300) {
      for (let moment = 0; moment < 1_800; moment += 300) {
        const election = new Election()
        const one = election.join('one', () => 0)
        await election.pass(5_000 + apart)
        const two = election.join('two', () => 0)
        await election.pass(5_000 + moment)
        one.process.hold()
        longest = Math.max(longest, await election.untilLed(two))
      }
    }
    t.diagnostic(`a killed leader was followed after ${longest} ms at most`)
    assert.ok(longest <= 17_000, `${longest} ms`)
  })

  test('held for 60 s, a leader leads no longer when it goes on, and hears of it before it can do anything', async () => {
    const election = new Election()
    const one = election.join('one')
    await election.untilLed(one)
    const two = election.join('two')
    await election.pass(3_000)
    one.process.hold()
    await election.pass(60_000)
    assert.deepEqual(election.leaders, ['two'])
    assert.equal(one.terms[0]?.aborted, false)
    one.process.release()
    assert.equal(one.leads, false)
    await election.pass(30_000)
    assert.equal(one.terms[0]?.aborted, true)
    assert.deepEqual([one.terms.length, two.terms.length], [1, 1])
  })

  test('cut off from the server, it stops leading before another begins', async () => {
    const election = new Election()
    const one = election.join('one')
    await election.untilLed(one)
    const two = election.join('two')
    await election.pass(3_000)
    one.process.cut = true
    await election.pass(10_000)
    assert.equal(one.terms[0]?.aborted, true)
    assert.deepEqual(election.leaders, [])
    await election.untilLed(two)
    one.process.cut = false
    await election.pass(30_000)
    assert.deepEqual(election.leaders, ['two'])
  })

  test('given back at the end, it is taken at the next try, and the history goes on', async () => {
    const election = new Election()
    const one = election.join('one')
    await election.untilLed(one)
    const two = election.join('two')
    await election.pass(1_000)
    one.stop()
    assert.ok((await election.untilLed(two)) <= 2_000)
    await one.ended
    const { spec } = election.table.read() as { spec: Readonly<Record<string, unknown>> }
    assert.deepEqual([spec['holderIdentity'], spec['leaseTransitions']], ['two', 1])
    assert.equal(one.terms[0]?.aborted, true)
  })

  test('deleted under its leader, it is made again by the leader and taken by nobody', async () => {
    const election = new Election()
    const one = election.join('one')
    await election.untilLed(one)
    const two = election.join('two')
    await election.pass(3_000)
    election.table.lease = undefined
    await election.pass(30_000)
    assert.deepEqual([one.terms.length, two.terms.length], [1, 0])
    assert.deepEqual(election.leaders, ['one'])
  })

  test('what is to be remembered is there for the next leader, once the server has it', async () => {
    const election = new Election()
    const one = election.join('one')
    assert.equal(await one.elector.remember('lost'), false)
    await election.untilLed(one)
    const two = election.join('two')
    const kept = one.elector.remember('192.0.2.1')
    await election.pass(200)
    assert.equal(await kept, true)
    one.process.cut = true
    const lost = one.elector.remember('192.0.2.2')
    await election.untilLed(two)
    assert.equal(await lost, false)
    assert.equal(two.elector.memo, '192.0.2.1')
  })

  test('whatever happens to processes and ways, never two', async () => {
    const action = fc.constantFrom('hold', 'release', 'cut', 'mend', 'slow', 'fast', 'delete', 'stop')
    const event = fc.record({ action, who: fc.nat(2), after: fc.integer({ min: 0, max: 20_000 }) })
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { maxLength: 15 }),
        fc.double({ min: 0, max: 0.99, noNaN: true }),
        async (events, jitter) => {
          const election = new Election()
          for (const name of ['a', 'b', 'c']) election.join(name, () => jitter)
          await election.pass(16_000, 400)
          for (const { action: what, who, after } of events) {
            befall(election.candidates[who], what)
            // Who has not seen the last leader before an outsider deletes the Lease cannot know of it: a Lease is no fence.
            const isDeleted = what === 'delete' && election.candidates.every(({ process }) => process.isAwake)
            if (isDeleted) await election.pass(20_000, 400)
            if (isDeleted) election.table.lease = undefined
            await election.pass(after, 400)
          }
        },
      ),
      { numRuns: 60, seed: 20_261_126 },
    )
  })

  test('over HTTP: the fields of the Lease, and one request a second at most while the server is away', async (t) => {
    const { api, client } = await startApi(t)
    const errors: number[] = []
    const { clock, client: kube } = client
    const elector = new Elector(
      kube,
      { lease, identity: 'host_1' },
      { clock, random: () => 0.5 },
      { elected: () => undefined, failed: ({ status }) => void errors.push(status) },
    )
    const stop = new AbortController()
    const ended = elector.run(stop.signal)
    await client.until(() => elector.leads)
    const spec = (): Readonly<Record<string, unknown>> => ({ ...Object(api.objects('Lease')[0]?.['spec']) })
    assert.equal(spec()['holderIdentity'], 'host_1')
    assert.deepEqual(Object.keys(spec()).toSorted(), [
      'acquireTime',
      'holderIdentity',
      'leaseDurationSeconds',
      'leaseTransitions',
      'renewTime',
    ])
    api.script = (_, response) => {
      fail(response, 503, 'ServiceUnavailable')
      return true
    }
    const before = api.calls.length
    const begun = clock.now()
    await client.until(() => clock.now() - begun > 30_000)
    assert.equal(elector.leads, false)
    assert.ok(api.calls.length - before <= 31, `${api.calls.length - before} requests in 30 s`)
    assert.ok(errors.length > 5 && errors.every((status) => status === 503))
    api.script = undefined
    await client.until(() => elector.leads)
    stop.abort()
    await client.until(() => spec()['holderIdentity'] === '')
    await ended
  })
})

function befall(candidate: Candidate | undefined, what: string): void {
  if (candidate === undefined) return
  const { process } = candidate
  if (what === 'hold') process.hold()
  if (what === 'release') process.release()
  if (what === 'cut' || what === 'mend') process.cut = what === 'cut'
  if (what === 'slow' || what === 'fast') process.delay = what === 'slow' ? 4_000 : 1
  if (what === 'stop') candidate.stop()
}
