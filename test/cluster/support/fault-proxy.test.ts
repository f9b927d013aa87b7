import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer as createSecureServer } from 'node:https'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { test } from 'node:test'
import type { TestContext } from 'node:test'

import { makeTestCertificate } from '../../support/certificates.ts'
import { FaultProxy } from './fault-proxy.ts'
import { untilTrue } from './until.ts'

const text = 'x'.repeat(10_000)
const request = 'GET / HTTP/1.1\r\nHost: a.test\r\n\r\n'

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

test('held, nothing passes, on old connections and new ones; let go, everything does', async (t) => {
  const proxy = await startProxy(t)
  proxy.hold()
  const [first, second] = [hear(proxy), hear(proxy)]
  await untilTrue('both have come', () => Promise.resolve(proxy.connections === 2))
  assert.deepEqual([first.octets(), second.octets()], [0, 0])
  proxy.release()
  await Promise.all([first.closed, second.closed])
  assert.deepEqual([first.octets(), second.octets()], [text.length, text.length])
})

test('delayed, everything passes, later, and in order', async (t) => {
  const proxy = await startProxy(t)
  proxy.delay = 50
  const begun = performance.now()
  const { octets, closed } = hear(proxy)
  await closed
  assert.equal(octets(), text.length)
  assert.ok(performance.now() - begun >= proxy.delay - 1)
})

/** A proxy that reads along, before a server that speaks TLS. */
async function startReader(t: TestContext): Promise<FaultProxy> {
  const { chain, key } = await makeTestCertificate('server', ['127.0.0.1'])
  const server = createSecureServer({ cert: chain, key }, (_, response) => response.end('here')).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const proxy = new FaultProxy((server.address() as AddressInfo).port, { certificate: chain })
  await proxy.open()
  t.after(() => proxy.close())
  return proxy
}

async function ask(socket: Socket): Promise<void> {
  socket.write(request)
  assert.match(String(await once(socket, 'data')), /^HTTP\/1\.1 200 /)
}

test('each request counts, and a connection without one', async (t) => {
  const proxy = await startReader(t)
  const first = connect(proxy.port, '127.0.0.1')
  for (let asked = 1; asked <= 3; asked++) {
    await ask(first)
    assert.equal(proxy.times.length, asked)
  }
  first.destroy()
  const second = connect(proxy.port, '127.0.0.1')
  await ask(second)
  assert.equal(proxy.times.length, 4)
  second.destroy()
  const silent = connect(proxy.port, '127.0.0.1', () => silent.destroy())
  await untilTrue('the silent one is counted', () => Promise.resolve(proxy.times.length === 5))
})

test('a request that is held counts when it comes, and is answered when it is let go', async (t) => {
  const proxy = await startReader(t)
  const client = connect(proxy.port, '127.0.0.1')
  await ask(client)
  proxy.hold()
  let isAnswered = false
  const answered = ask(client).finally(() => (isAnswered = true))
  await untilTrue('it is counted', () => Promise.resolve(proxy.times.length === 2))
  assert.equal(isAnswered, false)
  proxy.release()
  await answered
  client.destroy()
})
