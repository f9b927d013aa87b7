import assert from 'node:assert/strict'
import { test } from 'node:test'

import { FakeClock } from '../../test/support/fake-clock.ts'
import { DescriptorBudget, readDescriptorLimit } from './descriptor-budget.ts'

/** A holder of connections that wait since the given moments, and of others that are busy. */
class Connections {
  readonly since: Set<number>
  readonly #busy: number

  constructor(since: readonly number[], busy: number) {
    this.since = new Set(since)
    this.#busy = busy
  }

  get open(): number {
    return this.since.size + this.#busy
  }

  *waiting(): Iterable<{ waitingSince: number; destroy: () => void }> {
    for (const waitingSince of this.since) yield { waitingSince, destroy: () => void this.since.delete(waitingSince) }
  }
}

function budgetOf(descriptors: number, ...holders: Connections[]): { budget: DescriptorBudget; clock: FakeClock } {
  const clock = new FakeClock()
  const budget = new DescriptorBudget(descriptors, clock)
  for (const holder of holders) budget.join('client', holder)
  return { budget, clock }
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index)

test('below the limit nothing is given up', () => {
  const connections = new Connections(upTo(500), 459)
  assert.equal(budgetOf(1024, connections).budget.makeRoom(), true)
  assert.equal(connections.since.size, 500)
})

test('at the limit those that waited longest go first, whoever holds them, some at once', () => {
  const plain = new Connections([5, 1, 9], 900)
  const tls = new Connections([2, 8, ...upTo(55).map((index) => 100 + index)], 0)
  assert.equal(budgetOf(1024, plain, tls).budget.makeRoom(), true)
  assert.deepEqual([...plain.since], [])
  assert.equal(tls.since.has(2) || tls.since.has(8), false)
  assert.equal(tls.since.size, 57 - 12)
  assert.equal(Math.min(...tls.since), 110)
})

test('those to upstreams go before those of clients, however long these have waited', () => {
  const clients = new Connections(upTo(900), 0)
  const upstreams = new Connections([2_000, 1_000, ...upTo(58).map((index) => 3_000 + index)], 0)
  const { budget } = budgetOf(1024, clients)
  budget.join('upstream', upstreams)
  assert.equal(budget.makeRoom(), true)
  assert.deepEqual([clients.since.size, upstreams.since.size], [900, 60 - 15])
  assert.equal(Math.min(...upstreams.since), 3_013)
})

test('where too few of those to upstreams wait, those of clients make up for it', () => {
  const clients = new Connections(upTo(940), 0)
  const { budget } = budgetOf(1024, clients)
  budget.join('upstream', new Connections(upTo(5), 15))
  assert.equal(budget.makeRoom(), true)
  assert.equal(clients.since.size, 940 - 10)
})

test('where all are busy there is no room, and for a while nobody looks again', () => {
  const connections = new Connections([], 960)
  const { budget, clock } = budgetOf(1024, connections)
  assert.equal(budget.makeRoom(), false)
  connections.since.add(1)
  assert.equal(budget.makeRoom(), false)
  clock.advance(100)
  assert.equal(budget.makeRoom(), true)
  assert.equal(connections.since.size, 0)
})

test('with few descriptors half of them are for connections', () => {
  assert.equal(budgetOf(40, new Connections([], 19)).budget.makeRoom(), true)
  assert.equal(budgetOf(40, new Connections([], 20)).budget.makeRoom(), false)
})

test('without a known limit there is always room', () => {
  assert.equal(budgetOf(Infinity, new Connections([1], 1_000_000)).budget.makeRoom(), true)
})

test('the limit of this process is read', { skip: process.platform !== 'linux' && 'reads /proc' }, () => {
  assert.ok(readDescriptorLimit() >= 64)
})
