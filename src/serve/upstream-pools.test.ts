import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { test } from 'node:test'
import type { TestContext } from 'node:test'

import { FakeClock } from '../../test/support/fake-clock.ts'
import { roundTrip } from '../../test/support/raw-client.ts'
import { requestHead } from '../../test/support/request-head.ts'
import { createPools } from '../../test/support/upstream-side.ts'
import type { Backend, Endpoint } from '../model/index.ts'
import { DescriptorBudget } from './descriptor-budget.ts'
import type { UpstreamConnection } from './upstream-connection.ts'
import type { UpstreamEvents } from './upstream-events.ts'
import type { UpstreamPools } from './upstream-pools.ts'

/** A connection that nobody has used. */
const anew = { timeout: 5_000, longestIdle: 0 }

interface Stage {
  readonly pools: UpstreamPools
  readonly budget: DescriptorBudget
  readonly clock: FakeClock
  /** What the endpoint is one of. */
  readonly backend: Backend
  /** So many connections that are busy, then idle all at once. */
  readonly use: (count: number) => Promise<UpstreamConnection[]>
}

/** Pools with descriptors for so many connections, and an endpoint that answers everything and announces an hour. */
async function start(t: TestContext, connections: number): Promise<Stage> {
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    sockets.push(socket)
    socket.on('data', () => socket.write('HTTP/1.1 204 No\r\nKeep-Alive: timeout=3600\r\n\r\n'))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const endpoint: Endpoint = { address: '127.0.0.1', port: (server.address() as AddressInfo).port }
  const backend: Backend = { key: 'a', namespace: 'default', service: 'a', port: '80', endpoints: [endpoint] }
  const clock = new FakeClock()
  const budget = new DescriptorBudget(2 * connections, clock)
  const pools = createPools(clock, budget)
  pools.use(new Map([[backend.key, backend]]))
  t.after(() => {
    pools.destroy()
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  const use = async (count: number): Promise<UpstreamConnection[]> => {
    const connected = await Promise.all(Array.from({ length: count }, () => connect(pools, endpoint)))
    await Promise.all(connected.map((connection) => exchange(connection)))
    return connected
  }
  return { pools, budget, clock, backend, use }
}

function connect(pools: UpstreamPools, endpoint: Endpoint): Promise<UpstreamConnection> {
  return new Promise((ready, reject) => {
    const failed = (): void => reject(new Error('not connected'))
    pools.connect(endpoint, anew, { ready, failed })
  })
}

function exchange(connection: UpstreamConnection): Promise<void> {
  return new Promise((resolve, reject) => {
    const events: UpstreamEvents = {
      interim: () => undefined,
      head: () => undefined,
      data: () => true,
      paused: () => undefined,
      end: () => resolve(),
      failed: (fault) => reject(new Error(fault)),
      requestDrained: () => undefined,
    }
    connection.begin(requestHead('a', '/'), 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', { timeout: 5_000, events })
    connection.requestEnded()
  })
}

test('idle connections make room when they have not been used for a second, those first that waited longest', async (t) => {
  const { pools, budget, clock, use } = await start(t, 10)
  const [oldest] = await use(1)
  clock.advance(1)
  await use(9)
  clock.advance(998)
  assert.equal(budget.makeRoom(), false)
  clock.advance(200)
  assert.equal(budget.makeRoom(), true)
  await roundTrip()
  assert.equal(pools.open, 9)
  assert.equal(oldest?.isFresh(Infinity), false)
})

test('busy connections make no room', async (t) => {
  const { budget, pools, clock, use } = await start(t, 3)
  for (const connection of await use(3))
    assert.equal(pools.take(connection.endpoint, Infinity)?.endpoint.port, connection.endpoint.port)
  clock.advance(60_000)
  assert.equal(budget.makeRoom(), false)
})

test('who finds an idle connection does not wait behind those who want a new one; who gave up is not connected', async (t) => {
  const { pools, clock, use } = await start(t, 100)
  const [idle] = await use(1)
  clock.advance(0)
  const { endpoint } = idle!
  const ready = t.mock.fn()
  const wanted = Array.from({ length: 40 }, () => pools.connect(endpoint, anew, { ready, failed: () => undefined }))
  assert.equal(pools.open, 1 + 32)
  assert.equal(pools.take(endpoint, Infinity), idle)
  for (const one of wanted) one.destroy()
  clock.advance(0)
  await roundTrip()
  assert.deepEqual([pools.open, ready.mock.callCount()], [1, 0])
})

test('who waits for a turn is given a connection that has become idle by then, if it may be one that was used', async (t) => {
  const { pools, clock, use } = await start(t, 100)
  const [busy] = await use(1)
  const { endpoint } = busy!
  pools.take(endpoint, Infinity)
  for (let at = 1; at < 32; at++) pools.connect(endpoint, anew, { ready: () => undefined, failed: () => undefined })
  const [unused, used] = [t.mock.fn(), t.mock.fn()]
  pools.connect(endpoint, anew, { ready: unused, failed: () => undefined })
  pools.connect(endpoint, { ...anew, longestIdle: Infinity }, { ready: used, failed: () => undefined })
  await exchange(busy!)
  clock.advance(0)
  assert.deepEqual(
    used.mock.calls.map(({ arguments: given }) => given),
    [[busy]],
  )
  assert.deepEqual([pools.open, unused.mock.callCount()], [33, 0])
})

test('an endpoint that comes back keeps connections, also if one to it was wanted while it was gone', async (t) => {
  const { pools, backend } = await start(t, 100)
  const [endpoint] = backend.endpoints
  pools.use(new Map())
  await exchange(await connect(pools, endpoint!))
  assert.equal(pools.take(endpoint!, Infinity), undefined)
  const back = { ...endpoint! }
  pools.use(new Map([[backend.key, { ...backend, endpoints: [back] }]]))
  const again = await connect(pools, back)
  await exchange(again)
  assert.equal(pools.take(back, Infinity), again)
})
