import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'

import { deaf, responseHead, startClientSide } from '../../test/support/client-side.ts'
import type { ClientSide } from '../../test/support/client-side.ts'
import { roundTrip } from '../../test/support/raw-client.ts'
import type { RawClient } from '../../test/support/raw-client.ts'
import type { TunnelSide } from '../model/index.ts'

const upgrade =
  'GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n'

interface Joined {
  readonly side: ClientSide
  readonly client: RawClient
  readonly tunnel: TunnelSide
  /** What the tunnel gave, in order. */
  readonly heard: string[]
  /** Whether the tunnel wants more. */
  takesMore: boolean
}

/** A client that was switched to a tunnel, `early` sent in one piece with its request. */
async function join(t: TestContext, early = ''): Promise<Joined> {
  const tunnels: TunnelSide[] = []
  const side = await startClientSide((exchange) => {
    exchange.attach(deaf)
    exchange.writeInterim(responseHead(101, 0))
    if (exchange.tunnel !== undefined) tunnels.push(exchange.tunnel())
  })
  t.after(() => side.close())
  const client = await side.connect()
  client.send(upgrade + early)
  await client.until('\r\n\r\n')
  const [tunnel] = tunnels
  assert.ok(tunnel !== undefined)
  const joined = { side, client, tunnel, heard: [] as string[], takesMore: true }
  tunnel.open({
    data: (bytes, start, end) => {
      joined.heard.push(bytes.toString('latin1', start, end))
      return joined.takesMore
    },
    end: () => joined.heard.push('END'),
    close: () => joined.heard.push('CLOSE'),
    drained: () => joined.heard.push('DRAINED'),
  })
  return joined
}

const write = (tunnel: TunnelSide, text: string): boolean => tunnel.write(Buffer.from(text, 'latin1'), 0, text.length)

test('a 101 says what it switches to, and nothing after it is HTTP', async (t) => {
  const { client, tunnel, heard } = await join(t)
  assert.match(client.received, /^HTTP\/1\.1 101 Spoken\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n$/)
  client.send('GET / HTTP/1.1\r\n\r\n')
  await roundTrip()
  assert.deepEqual(heard, ['GET / HTTP/1.1\r\n\r\n'])
  write(tunnel, 'HTTP?')
  assert.ok((await client.until('HTTP?')).endsWith('\r\n\r\nHTTP?'))
})

test('what came in one piece with the request comes first', async (t) => {
  const { client, heard } = await join(t, 'early')
  client.send('late')
  await roundTrip()
  assert.equal(heard.join(''), 'earlylate')
})

test('a client that half-closes can still be written to', async (t) => {
  const { client, tunnel, heard } = await join(t)
  client.send('last')
  client.socket.end()
  await roundTrip()
  assert.deepEqual(heard, ['last', 'END'])
  write(tunnel, 'answer')
  await client.until('answer')
  tunnel.end()
  await client.ended()
  assert.equal(client.ending, 'end')
  await roundTrip()
  assert.deepEqual(heard, ['last', 'END', 'CLOSE'])
})

test('a client that is half-closed towards can still write', async (t) => {
  const { client, tunnel, heard } = await join(t)
  write(tunnel, 'last')
  tunnel.end()
  assert.ok((await client.ended()).endsWith('last'))
  client.send('answer')
  await roundTrip()
  assert.deepEqual(heard, ['answer'])
  client.socket.end()
  await roundTrip()
  assert.deepEqual(heard, ['answer', 'END', 'CLOSE'])
})

test('a client that resets closes the tunnel', async (t) => {
  const { client, heard, side } = await join(t)
  client.socket.resetAndDestroy()
  await roundTrip()
  assert.deepEqual(heard, ['CLOSE'])
  assert.equal(side.listener.connections, 0)
})

test('octets that nobody takes wait, and the client with them', async (t) => {
  const joined = await join(t)
  joined.takesMore = false
  const size = 32 * 1024 * 1024
  joined.client.socket.write(Buffer.alloc(size))
  for (let turn = 0; turn < 20; turn++) await roundTrip()
  assert.ok(joined.heard.join('').length <= 64 * 1024)
  assert.ok(joined.client.socket.writableLength > 0, 'the client could send everything')
  joined.takesMore = true
  joined.tunnel.resume()
  let octets = 0
  while (octets < size) {
    await roundTrip()
    octets += joined.heard.splice(0).join('').length
  }
  assert.equal(octets, size)
})

const large = Buffer.alloc(32 * 1024 * 1024)

test('a client that is slow is told of, and when it takes again', async (t) => {
  const { client, tunnel, heard } = await join(t)
  client.socket.pause()
  assert.equal(tunnel.write(large, 0, large.length), false)
  await roundTrip()
  assert.deepEqual(heard, [])
  client.socket.removeAllListeners('data').resume()
  while (heard.length === 0) await roundTrip()
  assert.deepEqual(heard, ['DRAINED'])
})

test('a client that takes nothing of what waits for it for 60 s is cut', async (t) => {
  const { client, tunnel, heard, side } = await join(t)
  client.socket.pause()
  tunnel.write(large, 0, large.length)
  side.clock.advance(59_999)
  await roundTrip()
  assert.deepEqual(heard, [])
  side.clock.advance(501)
  await roundTrip()
  assert.deepEqual(heard, ['CLOSE'])
})

test('a tunnel may be silent for as long as its owner lets it', async (t) => {
  const { client, heard, side } = await join(t)
  side.clock.advance(24 * 3_600_000)
  await roundTrip()
  client.send('still there')
  await roundTrip()
  assert.deepEqual(heard, ['still there'])
})
