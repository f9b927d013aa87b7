import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { test } from 'node:test'
import type { TestContext } from 'node:test'

import type { HostTable, RouteTable, ServingState } from '../model/index.ts'
import { Fleet } from './fleet.ts'
import { Subscriber } from './subscriber.ts'

/** Two connected sockets, closed when the test ends. */
async function pipePair(t: TestContext): Promise<[Socket, Socket]> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const accepted = once(server, 'connection') as Promise<[Socket]>
  const near = connect(port, '127.0.0.1')
  const [far] = await accepted
  server.close()
  t.after(() => [near, far].map((socket) => socket.destroy()))
  return [near, far]
}

const hostTable = (host: string): HostTable => ({ host, owner: 'default', mergeSlashes: false, rules: [] })

function stateOf(...hosts: readonly HostTable[]): ServingState {
  const table: RouteTable = {
    hosts: new Map(hosts.map((host) => [host.host, host])),
    catchAll: undefined,
    tls: new Map(),
    certificates: new Map(),
    defaultCertificates: [],
    settings: {},
  }
  return { table, backends: new Map() }
}

/** A worker that notes the hosts of each state it was told to use. */
function recordingWorker(): { subscriber: Subscriber; used: string[][]; hostsSeen: HostTable[] } {
  const used: string[][] = []
  const hostsSeen: HostTable[] = []
  const subscriber = new Subscriber({
    use: async ({ table }) => {
      used.push([...table.hosts.keys()].toSorted())
      hostsSeen.push(...table.hosts.values())
    },
    ticketKeys: () => undefined,
    announced: () => undefined,
  })
  return { subscriber, used, hostsSeen }
}

async function joinPair(t: TestContext, fleet: Fleet, subscriber: Subscriber, id = 1): Promise<Socket> {
  const [near, far] = await pipePair(t)
  subscriber.join(far, false)
  fleet.join(id, near, true)
  return near
}

test('publish() waits for all workers of the fleet', async (t) => {
  const fleet = new Fleet(2)
  const workers = [recordingWorker(), recordingWorker()]
  const first = fleet.publish(stateOf(hostTable('a.test')))
  for (const { subscriber } of workers) await joinPair(t, fleet, subscriber)
  assert.equal(await first, 1)
  for (const { used } of workers) assert.deepEqual(used, [['a.test']])
})

test('publish() sends changes only, and what did not change keeps its identity', async (t) => {
  const fleet = new Fleet(1)
  const { subscriber, used, hostsSeen } = recordingWorker()
  await joinPair(t, fleet, subscriber)
  const kept = hostTable('a.test')
  await fleet.publish(stateOf(kept, hostTable('b.test')))
  await fleet.publish(stateOf(kept, hostTable('c.test')))
  assert.deepEqual(used, [
    ['a.test', 'b.test'],
    ['a.test', 'c.test'],
  ])
  assert.equal(hostsSeen[0], hostsSeen[2])
})

test('a worker that joins late is given the current state', async (t) => {
  const fleet = new Fleet(1)
  await joinPair(t, fleet, recordingWorker().subscriber)
  await fleet.publish(stateOf(hostTable('a.test')))
  const late = recordingWorker()
  await joinPair(t, fleet, late.subscriber)
  await fleet.publish(stateOf(hostTable('b.test')))
  assert.deepEqual(late.used.at(-1), ['b.test'])
})

test('a new control process counts on from the version that a worker holds', async (t) => {
  const { subscriber, used } = recordingWorker()
  const before = new Fleet(1)
  const pipe = await joinPair(t, before, subscriber)
  await before.publish(stateOf(hostTable('a.test')))
  await before.publish(stateOf(hostTable('b.test')))
  pipe.destroy()
  const after = new Fleet(1)
  const published = after.publish(stateOf(hostTable('c.test')))
  await joinPair(t, after, subscriber)
  assert.equal(await published, 3)
  assert.deepEqual(used.at(-1), ['c.test'])
})

test('a version that is half received when control dies is discarded', async (t) => {
  const { subscriber, used } = recordingWorker()
  const [near, far] = await pipePair(t)
  subscriber.join(far, false)
  const half = new Fleet(1)
  half.join(1, near, true)
  await half.publish(stateOf(hostTable('a.test')))
  const many = Array.from({ length: 5_000 }, (_, at) => hostTable(`h${at}.test`))
  void half.publish(stateOf(...many))
  near.destroy()
  await once(far, 'close')
  const after = new Fleet(1)
  const published = after.publish(stateOf(hostTable('z.test')))
  await joinPair(t, after, subscriber)
  await published
  assert.deepEqual(used, [['a.test'], ['z.test']])
})

test('while one worker hangs, versions that none will acknowledge are given up, and the last one is told of once', async (t) => {
  const fleet = new Fleet(2)
  const { promise: hung, resolve: release } = Promise.withResolvers<void>()
  const slow = new Subscriber({ use: () => hung, ticketKeys: () => undefined, announced: () => undefined })
  await joinPair(t, fleet, slow, 1)
  await joinPair(t, fleet, recordingWorker().subscriber, 2)
  const told: number[] = []
  const overtaken: Promise<unknown>[] = []
  for (let version = 1; version <= 50; version++) {
    const published = fleet.publish(stateOf(hostTable(`h${version}.test`)))
    void published.then((reached) => reached !== undefined && told.push(reached))
    overtaken.push(published)
  }
  assert.deepEqual(await Promise.all(overtaken.slice(1, -3)), Array(46).fill(undefined))
  assert.deepEqual(told, [])
  release()
  assert.equal(await overtaken.at(-1), 50)
  assert.equal(told.filter((reached) => reached === 50).length, 1)
})

/** A fleet of two that one worker joins which has a table, and one which has none. */
async function joinedByHalf(t: TestContext, served: boolean): Promise<Fleet> {
  const heard = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const workers = heard.map(
    ({ resolve }) =>
      new Subscriber({ use: async () => undefined, ticketKeys: () => resolve(), announced: () => undefined }),
  )
  const before = new Fleet(1)
  const pipe = await joinPair(t, before, workers[0] ?? assert.fail('no worker'))
  await before.publish(stateOf(hostTable('a.test')))
  pipe.destroy()
  const after = new Fleet(2, served)
  after.ticketKeys(Buffer.alloc(48))
  for (const [at, worker] of workers.entries()) await joinPair(t, after, worker, at + 1)
  await Promise.all(heard.map(({ promise }) => promise))
  return after
}

test('where all workers had a table once, one that has lost it does not make the fleet unready', async (t) => {
  assert.equal((await joinedByHalf(t, false)).serving, false)
  assert.equal((await joinedByHalf(t, true)).serving, true)
})
