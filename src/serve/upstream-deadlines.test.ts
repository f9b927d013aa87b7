import assert from 'node:assert/strict'
import { test } from 'node:test'

import { pass, startDataPlane } from '../../test/support/data-plane.ts'
import type { DataPlane } from '../../test/support/data-plane.ts'
import { startDeafPort } from '../../test/support/deaf-port.ts'
import { roundTrip } from '../../test/support/raw-client.ts'
import type { RawClient } from '../../test/support/raw-client.ts'
import { portion, SlowReader } from '../../test/support/slow-reader.ts'

const request = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
/** A sweep may come this much later than a deadline. */
const slack = 500

async function ask(plane: DataPlane): Promise<void> {
  plane.client.received = ''
  plane.client.send(request)
  const upstream = await plane.upstream
  await upstream.until('\r\n\r\n')
  upstream.received = ''
}

async function answer({ client, upstream }: DataPlane, fields = ''): Promise<void> {
  const connection = await upstream
  connection.send(`HTTP/1.1 200 OK\r\nContent-Length: 2\r\n${fields}\r\nok`)
  await client.until('\r\n\r\nok')
}

/** Nothing comes of it `ms` later, but one sweep after. */
async function assertUndecidedFor(plane: DataPlane, client: RawClient, ms: number): Promise<void> {
  const before = client.received
  await pass(plane, ms - 1)
  assert.equal(client.received, before)
  assert.equal(client.ending, undefined)
  await pass(plane, slack + 1)
}

test('an upstream that sends no head has 60 s from the end of the request, whatever it sent before', async (t) => {
  const plane = await startDataPlane(t)
  plane.client.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\na')
  const upstream = await plane.upstream
  await pass(plane, 50_000)
  plane.client.send('b')
  await upstream.until('\r\n\r\nab')
  upstream.send('HTTP/1.1 200 ')
  await assertUndecidedFor(plane, plane.client, 60_000)
  await plane.client.until('504 UpstreamTimeout')
  await upstream.ended()
})

test('an upstream that is silent for 60 s inside a body has its answer cut', async (t) => {
  const plane = await startDataPlane(t)
  await ask(plane)
  const upstream = await plane.upstream
  upstream.send('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\na')
  await plane.client.until('\r\n\r\na')
  await pass(plane, 50_000)
  upstream.send('b')
  await plane.client.until('\r\n\r\nab')
  await assertUndecidedFor(plane, plane.client, 60_000)
  await plane.client.ended()
  assert.equal(plane.client.ending, 'reset')
  assert.deepEqual(
    plane.log.map(({ status, reason }) => [status, reason]),
    [[200, 'UpstreamAborted']],
  )
})

test('an upstream that takes nothing of a request for 60 s: 504', async (t) => {
  const plane = await startDataPlane(t)
  const large = 32 * 1024 * 1024
  plane.client.send(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${large}\r\n\r\n`)
  const upstream = await plane.upstream
  upstream.socket.pause()
  plane.client.socket.write(Buffer.alloc(large))
  await roundTrip()
  await assertUndecidedFor(plane, plane.client, 60_000)
  await plane.client.until('504 UpstreamTimeout')
})

test('an upstream that is slow to take a request has time as long as it takes some', async (t) => {
  const plane = await startDataPlane(t)
  const size = 4 * portion
  plane.client.send(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${size}\r\n\r\n`)
  const upstream = await plane.upstream
  await upstream.until('\r\n\r\n')
  const reader = new SlowReader(upstream.socket)
  plane.client.socket.write(Buffer.alloc(size))
  for (const enough of [portion, 2 * portion, 3 * portion, size]) {
    await pass(plane, 59_000)
    await reader.take(enough)
  }
  assert.equal(reader.octets, size)
  upstream.send('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
  await plane.client.until('\r\n\r\nok')
})

for (const [fields, kept] of [
  ['', 4_000],
  ['Keep-Alive: timeout=10\r\n', 9_000],
  ['Keep-Alive: timeout=2, max=100\r\n', 1_000],
] as const) {
  test(`a connection is used again within ${kept} ms after an answer with '${fields.trim()}', not later`, async (t) => {
    const plane = await startDataPlane(t)
    await ask(plane)
    await answer(plane, fields)
    await pass(plane, kept - 1)
    await ask(plane)
    await answer(plane, fields)
    assert.equal(plane.connections(), 1)
    await pass(plane, kept)
    plane.client.send(request)
    await roundTrip()
    assert.equal(plane.connections(), 2)
  })
}

test('a connection is not kept for more than 10 minutes, whatever was announced', async (t) => {
  const plane = await startDataPlane(t)
  await ask(plane)
  await answer(plane, 'Keep-Alive: timeout=999999\r\n')
  const upstream = await plane.upstream
  await pass(plane, 600_000 - 1)
  assert.equal(upstream.ending, undefined)
  await pass(plane, slack + 1)
  await upstream.ended()
})

test('a connection that announced less than a second is not used again', async (t) => {
  const plane = await startDataPlane(t)
  await ask(plane)
  await answer(plane, 'Keep-Alive: timeout=1\r\n')
  plane.client.send(request)
  await roundTrip()
  assert.equal(plane.connections(), 2)
})

test('an endpoint that does not take a connection for 5 s is left for the next', async (t) => {
  const plane = await startDataPlane(t, [await startDeafPort((cleanup) => t.after(cleanup))])
  plane.client.send(request)
  await assertUndecidedFor(plane, plane.client, 5_000)
  const upstream = await plane.upstream
  await upstream.until('\r\n\r\n')
  await answer(plane)
})
