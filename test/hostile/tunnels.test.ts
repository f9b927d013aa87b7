import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { test } from 'node:test'
import type { TestContext } from 'node:test'

import { startClientSide } from '../support/client-side.ts'
import type { ClientSide } from '../support/client-side.ts'
import { pass } from '../support/data-plane.ts'
import { RawClient, roundTrip } from '../support/raw-client.ts'
import { createProxy } from '../support/upstream-side.ts'

const deadline = { timeout: 120_000 }
/** Of each kind. */
const tunnels = 24
/** The limit of the dialect for a tunnel in which nothing is said. */
const idle = 3_600_000
/** A sweep may come this much later than a deadline. */
const slack = 500
const switched = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'

interface Ends {
  readonly client: RawClient
  readonly upstream: RawClient
}

interface Tunnels extends ClientSide {
  readonly live: () => number
  readonly open: (path: string) => Promise<Ends>
}

/** A proxy before an upstream that switches, and says of each connection which path it was asked for. */
async function startTunnels(t: TestContext): Promise<Tunnels> {
  const accepted = new Map<string, RawClient>()
  const sockets: Socket[] = []
  const server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
    sockets.push(socket)
    void accept(new RawClient(socket), accepted)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const side = await startClientSide((exchange) => proxy.handle(exchange))
  const proxy = createProxy(side.clock, [(server.address() as AddressInfo).port])
  t.after(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
    side.close()
    proxy.destroy()
  })
  return { ...side, live: () => proxy.live, open: (path) => openTunnel(side, path, accepted) }
}

/** Switches, once the whole head has come. */
async function accept(upstream: RawClient, accepted: Map<string, RawClient>): Promise<void> {
  const head = await upstream.until('\r\n\r\n')
  accepted.set(head.split(' ')[1] ?? '', upstream)
  upstream.received = ''
  upstream.send(switched)
}

async function openTunnel(side: ClientSide, path: string, accepted: ReadonlyMap<string, RawClient>): Promise<Ends> {
  const client = await side.connect()
  client.send(`GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`)
  await client.until(switched.slice(-4))
  client.received = ''
  const upstream = accepted.get(path)
  assert.ok(upstream)
  return { client, upstream }
}

/** As many as may be connected in one turn, and then that turn is over. */
async function openSome({ open, clock }: Tunnels, name: string): Promise<Ends[]> {
  const paths = Array.from({ length: tunnels }, (_, at) => `/${encodeURIComponent(name)}/${at}`)
  const opened = await Promise.all(paths.map((path) => open(path)))
  clock.advance(0)
  return opened
}

/** What becomes of a tunnel before it is silent. */
const courses: Readonly<Record<string, (ends: Ends) => Promise<unknown>>> = {
  idle: () => Promise.resolve(),
  'half closed by its client': async ({ client, upstream }) => {
    client.socket.end('last')
    await upstream.until('last')
    return upstream.ended()
  },
  'half closed by its upstream': async ({ client, upstream }) => {
    upstream.socket.end('last')
    await client.until('last')
    return client.ended()
  },
  'half closed before a word was said': ({ client, upstream }) => {
    client.socket.end()
    return upstream.ended()
  },
}

test('tunnels of which one side has ended, and idle ones, are all freed', deadline, async (t) => {
  const scene = await startTunnels(t)
  const opened: Ends[] = []
  for (const [name, course] of Object.entries(courses)) {
    const ends = await openSome(scene, name)
    await Promise.all(ends.map(course))
    opened.push(...ends)
  }
  await pass(scene, idle / 2)
  // The other direction of those that are half closed still carries, and so puts off their end.
  const ended = opened.filter(({ upstream }) => upstream.ending === 'end')
  for (const { upstream } of ended) upstream.send('still here')
  await Promise.all(ended.map(({ client }) => client.until('still here')))
  assert.equal(scene.live(), opened.length)
  await pass(scene, idle / 2 + slack)
  assert.equal(scene.live(), ended.length)
  await pass(scene, idle / 2)
  await Promise.all(opened.flatMap(({ client, upstream }) => [client.ended(), upstream.ended()]))
  await roundTrip()
  assert.deepEqual([scene.live(), scene.listener.connections], [0, 0])
})

test('tunnels whose sides end one after the other need no deadline', deadline, async (t) => {
  const scene = await startTunnels(t)
  const opened = await openSome(scene, 'ending')
  await Promise.all(
    opened.map(async ({ client, upstream }, at) => {
      const [first, second] = at % 2 === 0 ? [client, upstream] : [upstream, client]
      first.socket.end()
      await second.ended()
      second.socket.end('farewell')
      await first.until('farewell')
      await first.ended()
      assert.deepEqual([first.ending, second.ending], ['end', 'end'])
    }),
  )
  await roundTrip()
  assert.deepEqual([scene.live(), scene.listener.connections], [0, 0])
})
