import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'

import { pass, startDataPlane } from '../../test/support/data-plane.ts'
import type { DataPlane } from '../../test/support/data-plane.ts'
import { roundTrip } from '../../test/support/raw-client.ts'
import type { RawClient } from '../../test/support/raw-client.ts'

const upgrade = 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: eA==\r\nSec-WebSocket-Version: 13\r\n'
const request = `GET /chat HTTP/1.1\r\nHost: a\r\n${upgrade}\r\n`
const switched = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'
const hour = 3_600_000
const slack = 500

/** A tunnel that is open. */
async function open(t: TestContext): Promise<Omit<DataPlane, 'upstream'> & { readonly upstream: RawClient }> {
  const scene = await startDataPlane(t)
  scene.client.send(request)
  const upstream = await scene.upstream
  await upstream.until('\r\n\r\n')
  upstream.send(switched)
  await scene.client.until('\r\n\r\n')
  upstream.received = scene.client.received = ''
  return { ...scene, upstream }
}

async function assertAllFreed({ proxy, listener, log }: Omit<DataPlane, 'upstream'>): Promise<void> {
  await roundTrip()
  assert.equal(proxy.live, 0)
  assert.equal(listener.connections, 0)
  assert.deepEqual(
    log.map(({ status }) => status),
    [101],
  )
}

test('nothing that the client sends early reaches the upstream before its 101, and all of it after', async (t) => {
  const { client, upstream: accepted } = await startDataPlane(t)
  client.send(`${request}early`)
  const upstream = await accepted
  await upstream.until('\r\n\r\n')
  client.send(' and more')
  await roundTrip()
  assert.match(upstream.received, /\r\n\r\n$/)
  assert.match(upstream.received, /^GET \/chat HTTP\/1\.1\r\n.*\r\nConnection: upgrade\r\nUpgrade: websocket\r\n/is)
  upstream.send(switched)
  await upstream.until('early and more')
})

test('a client that has ended before the 101 has ended its side of the tunnel', async (t) => {
  const { client, upstream: accepted } = await startDataPlane(t)
  client.send(request)
  client.socket.end()
  const upstream = await accepted
  await upstream.until('\r\n\r\n')
  await roundTrip()
  upstream.send(`${switched}hello`)
  await client.until('hello')
  await upstream.ended()
  assert.equal(upstream.ending, 'end')
})

test('a switch of protocol is asked for once: an upstream that resets instead of answering is 502', async (t) => {
  const { client, upstream: accepted, connections } = await startDataPlane(t)
  client.send(request)
  const upstream = await accepted
  await upstream.until('\r\n\r\n')
  upstream.socket.resetAndDestroy()
  await client.until('502 UpstreamResetBeforeHead')
  assert.equal(connections(), 1)
})

test('after any other answer the client still speaks HTTP: what it sent early is no tunnel, and gets 400', async (t) => {
  const { client, upstream: accepted, proxy } = await startDataPlane(t)
  client.send(`${request}GET /smuggled\0\r\n\r\n`)
  const upstream = await accepted
  await upstream.until('\r\n\r\n')
  upstream.send('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno')
  assert.match(await client.ended(), /^HTTP\/1\.1 200 .*no.*HTTP\/1\.1 4\d\d /s)
  assert.doesNotMatch(upstream.received, /smuggled/)
  assert.equal(proxy.live, 0)
})

for (const [what, head, body] of [
  ['by POST', `POST / HTTP/1.1\r\nHost: a\r\n${upgrade}Content-Length: 2\r\n\r\n`, 'ab'],
  ['with a body', `GET / HTTP/1.1\r\nHost: a\r\n${upgrade}Content-Length: 2\r\n\r\n`, 'ab'],
  ['in HTTP/1.0', `GET / HTTP/1.0\r\nHost: a\r\n${upgrade}\r\n`, ''],
  ['not named by Connection', 'GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n', ''],
  ['to h2c', 'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n\r\n', ''],
  ['to h2c and WebSocket', 'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c, websocket\r\n\r\n', ''],
] as const) {
  test(`an upgrade ${what} goes on as a plain request, and a 101 to it is 502`, async (t) => {
    const { client, upstream: accepted, proxy } = await startDataPlane(t)
    client.send(head + body)
    const upstream = await accepted
    await upstream.until((received) => received.endsWith(`\r\n\r\n${body}`))
    assert.doesNotMatch(upstream.received, /\r\n(upgrade|http2-settings|connection):/i)
    upstream.send(switched)
    await client.until('502 UpstreamInvalid')
    await upstream.ended()
    assert.equal(proxy.live, 0)
  })
}

for (const [what, fields] of [
  ['another protocol', 'Connection: Upgrade\r\nUpgrade: h2c\r\n'],
  ['two protocols', 'Connection: Upgrade\r\nUpgrade: websocket\r\nUpgrade: h2c\r\n'],
  ['no protocol', ''],
] as const)
  test(`a 101 to ${what} is 502, though WebSocket was asked for`, async (t) => {
    const { client, upstream: accepted, proxy } = await startDataPlane(t)
    client.send(request)
    const upstream = await accepted
    await upstream.until('\r\n\r\n')
    upstream.send(`HTTP/1.1 101 Switching Protocols\r\n${fields}\r\n`)
    await client.until('502 UpstreamInvalid')
    await upstream.ended()
    assert.equal(proxy.live, 0)
  })

test('a client that has sent all still hears, and the other way round', async (t) => {
  for (const first of ['client', 'upstream'] as const) {
    const scene = await open(t)
    const [early, late] = first === 'client' ? [scene.client, scene.upstream] : [scene.upstream, scene.client]
    early.socket.end('last words')
    await late.until('last words')
    await late.ended()
    assert.equal(late.ending, 'end')
    late.send('still here')
    await early.until('still here')
    assert.equal(scene.proxy.live, 1)
    late.socket.end()
    await early.ended()
    assert.equal(early.ending, 'end')
    await assertAllFreed(scene)
  }
})

test('a tunnel is cut when neither side has said a thing for its limit', async (t) => {
  const scene = await open(t)
  await pass(scene, hour - 1_000)
  scene.client.send('alive')
  await scene.upstream.until('alive')
  await pass(scene, hour - 1)
  assert.equal(scene.proxy.live, 1)
  await pass(scene, slack + 1)
  await assertAllFreed(scene)
})

test('an upstream that takes nothing for a minute costs both sides of its tunnel', async (t) => {
  const scene = await open(t)
  scene.upstream.socket.pause()
  scene.client.socket.write(Buffer.alloc(32 * 1024 * 1024))
  await roundTrip()
  await pass(scene, 60_000 + slack)
  await assertAllFreed(scene)
})

test('a reset of either side is the end of the other', async (t) => {
  for (const first of ['client', 'upstream'] as const) {
    const scene = await open(t)
    scene[first].socket.resetAndDestroy()
    await scene[first === 'client' ? 'upstream' : 'client'].ended()
    await assertAllFreed(scene)
  }
})

test('draining waits for a tunnel, which goes on until it ends or is cut', async (t) => {
  const scene = await open(t)
  scene.context.draining = true
  const drained = scene.listener.drain()
  scene.listener.stopAccepting()
  await pass(scene, 60_000)
  scene.client.send('still open')
  await scene.upstream.until('still open')
  scene.proxy.destroy()
  await drained
  await assertAllFreed(scene)
})
