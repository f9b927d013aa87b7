import assert from 'node:assert/strict'
import { test } from 'node:test'

import { startDataPlane } from '../../test/support/data-plane.ts'
import { FakeExchanges } from '../../test/support/fake-exchange.ts'
import { roundTrip } from '../../test/support/raw-client.ts'
import { RequestRelay } from './request-relay.ts'

test('a body is too large by its first octet beyond the limit, whatever the pieces', () => {
  for (const pieces of [['abcd', 'e'], ['abcde'], ['a', 'b', 'c', 'd', 'e']]) {
    const heard: string[] = []
    const relay = new RequestRelay(new FakeExchanges().open({ method: 'PUT', length: 9 }), {
      repeatable: true,
      limit: 4,
      tooLarge: () => heard.push('too large'),
    })
    for (const [at, piece] of pieces.entries()) {
      assert.deepEqual(heard, [])
      assert.equal(relay.data(Buffer.from(piece), 0, piece.length), true, `piece ${at}`)
    }
    assert.deepEqual(heard, ['too large'])
  }
})

test('an upload that the upstream lets wait goes on after its answer has begun', async (t) => {
  const size = 8 * 1024 * 1024
  const { client, upstream: accepted, proxy } = await startDataPlane(t)
  client.send(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${size}\r\n\r\n`)
  const upstream = await accepted
  await upstream.until('\r\n\r\n')
  upstream.socket.pause()
  client.send('x'.repeat(size))
  await roundTrip()
  upstream.received = ''
  upstream.send('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nbegun')
  await client.until('begun')
  upstream.socket.resume()
  await upstream.until(({ length }) => length >= size)
  assert.equal(upstream.received, 'x'.repeat(size))
  upstream.send(' end')
  await client.until('begun end')
  assert.equal(proxy.live, 0)
})

for (const [what, sent] of [
  ['a whole body', 'hello'],
  ['half a body', 'hel'],
] as const)
  test(`${what} of a client that has half-closed, while the upstream is being dialled`, async (t) => {
    const { client, upstream: accepted, log } = await startDataPlane(t)
    client.send(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n${sent}`)
    client.socket.end()
    const upstream = await accepted
    if (sent.length === 5) {
      await upstream.until('hello')
      upstream.send('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
      assert.match(await client.ended(), /^HTTP\/1\.1 200 .*ok$/s)
    } else await client.ended()
    assert.deepEqual([log[0]?.reason, client.ending], sent.length === 5 ? [undefined, 'end'] : ['ClientGone', 'reset'])
  })
