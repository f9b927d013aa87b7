import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { test } from 'node:test'
import type { TestContext } from 'node:test'

import { FaultProxy } from './fault-proxy.ts'

const text = 'x'.repeat(10_000)

/** A proxy before a server that tells each client the text and ends. */
async function startProxy(t: TestContext): Promise<FaultProxy> {
  const server = createServer((socket) => socket.on('error', () => undefined).end(text)).listen(0, '127.0.0.1')
  t.after(() => server.close())
  await once(server, 'listening')
  const proxy = new FaultProxy((server.address() as AddressInfo).port)
  await proxy.open()
  t.after(() => proxy.close())
  return proxy
}

interface Heard {
  readonly socket: Socket
  readonly octets: () => number
  readonly closed: Promise<unknown>
}

function hear(proxy: FaultProxy): Heard {
  let octets = 0
  const socket = connect(proxy.port, '127.0.0.1')
  socket.on('data', (chunk) => (octets += chunk.length)).on('error', () => undefined)
  return { socket, octets: () => octets, closed: new Promise((resolve) => socket.on('close', resolve)) }
}

test('without a fault everything passes', async (t) => {
  const { octets, closed } = hear(await startProxy(t))
  await closed
  assert.equal(octets(), text.length)
})

test('a connection is cut at the octet that was named, and only that connection', async (t) => {
  const proxy = await startProxy(t)
  proxy.fault = (connection) => (connection === 1 ? { after: 1_000, action: 'cut' } : undefined)
  const first = hear(proxy)
  await first.closed
  const second = hear(proxy)
  await second.closed
  assert.deepEqual([first.octets(), second.octets()], [1_000, text.length])
})

test('a connection that stalls stays open, and nothing more comes', async (t) => {
  const proxy = await startProxy(t)
  proxy.fault = (connection) => (connection === 1 ? { after: 1_000, action: 'stall' } : undefined)
  const stalled = hear(proxy)
  while (stalled.octets() < 1_000) await once(stalled.socket, 'data')
  await hear(proxy).closed
  assert.deepEqual([stalled.octets(), stalled.socket.destroyed], [1_000, false])
  proxy.cut()
  await stalled.closed
  assert.equal(stalled.octets(), 1_000)
})

test('closed, it refuses; opened again, it is at the port that it had', async (t) => {
  const proxy = await startProxy(t)
  const { port } = proxy
  await proxy.close()
  const refused = hear(proxy)
  await refused.closed
  assert.equal(refused.octets(), 0)
  await proxy.open()
  assert.equal(proxy.port, port)
  const { octets, closed } = hear(proxy)
  await closed
  assert.equal(octets(), text.length)
})
