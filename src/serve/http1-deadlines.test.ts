import assert from 'node:assert/strict'
import { Duplex } from 'node:stream'
import { test } from 'node:test'
import type { TestContext } from 'node:test'

import { deaf, reply, responseHead, startClientSide } from '../../test/support/client-side.ts'
import type { ClientSide } from '../../test/support/client-side.ts'
import { FakeClock } from '../../test/support/fake-clock.ts'
import { openConnection } from '../../test/support/played-connection.ts'
import { roundTrip } from '../../test/support/raw-client.ts'
import type { RawClient } from '../../test/support/raw-client.ts'
import { portion, SlowReader } from '../../test/support/slow-reader.ts'
import { chunked } from '../http/index.ts'
import type { Exchange } from '../model/index.ts'

const request = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
const upload = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n'
/** A sweep may come this much later than a deadline. */
const slack = 500

async function start(t: TestContext, onExchange: (exchange: Exchange) => void): Promise<ClientSide> {
  const side = await startClientSide(onExchange)
  t.after(() => side.close())
  return side
}

/** Lets all that was sent arrive, then lets time pass. */
async function pass({ clock }: ClientSide, ms: number): Promise<void> {
  await roundTrip()
  clock.advance(ms)
  await roundTrip()
}

async function assertOpenFor(side: ClientSide, client: RawClient, ms: number): Promise<void> {
  await pass(side, ms - 1)
  assert.equal(client.ending, undefined, `ended before ${ms} ms`)
  await pass(side, slack + 1)
}

test('a head that is not complete after 10 s gets 408, however it trickles', async (t) => {
  const side = await start(t, reply200)
  const client = await side.connect()
  client.send('GET / HT')
  await pass(side, 6_000)
  client.send('TP/1.1\r\nHost: a\r\n')
  await assertOpenFor(side, client, 4_000)
  assert.match(await client.ended(), /^HTTP\/1\.1 408 .*\r\nConnection: close\r\n.*408 ClientTimeout [0-9a-f]{32}\n$/s)
  assert.deepEqual(
    side.log.map(({ status, reason }) => [status, reason]),
    [[408, 'ClientTimeout']],
  )
})

test('a second head on a connection has 10 s from its own first octet', async (t) => {
  const side = await start(t, reply200)
  const client = await side.connect()
  client.send(request)
  await client.until('hello')
  await pass(side, 60_000)
  client.send('GET /')
  await assertOpenFor(side, client, 10_000)
  assert.match(await client.ended(), /408 ClientTimeout/)
})

test('a connection that never says anything is closed without a word', async (t) => {
  const side = await start(t, reply200)
  const client = await side.connect()
  await assertOpenFor(side, client, 10_000)
  assert.equal(await client.ended(), '')
  assert.equal(side.log.length, 0)
})

test('a connection that is idle after an answer is closed after 75 s without a word', async (t) => {
  const side = await start(t, reply200)
  const client = await side.connect()
  client.send(request)
  const answer = await client.until('hello')
  await assertOpenFor(side, client, 75_000)
  assert.equal(await client.ended(), answer)
  assert.equal(client.ending, 'end')
})

test('a connection that is idle after an answer that came amid the last chunk is closed after 75 s', async (t) => {
  const side = await start(t, (exchange) => {
    const answer = (): boolean => (reply(exchange, 'enough'), true)
    exchange.attach(deaf)
    exchange.readBody({ data: answer, end: () => undefined })
  })
  const client = await side.connect()
  client.send('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n')
  await client.until('enough')
  await assertOpenFor(side, client, 75_000)
  await client.ended()
  assert.equal(client.ending, 'end')
})

test('a request body that is silent for 60 s: the handler hears of it and can still answer', async (t) => {
  const side = await start(t, (exchange) => {
    exchange.attach({ drained: () => undefined, cancelled: (fault) => reply(exchange, fault, { status: 408 }) })
    exchange.readBody({ data: () => true, end: () => assert.fail('the body ended') })
  })
  const client = await side.connect()
  client.send(`${upload}abc`)
  await pass(side, 59_000)
  client.send('d')
  await assertOpenFor(side, client, 60_000)
  assert.match(await client.ended(), /^HTTP\/1\.1 408 .*\r\nConnection: close\r\n.*ClientTimeout$/s)
})

test('a request body that is silent while an answer is on its way cuts the answer', async (t) => {
  const faults: string[] = []
  const side = await start(t, (exchange) => {
    exchange.attach({ drained: () => undefined, cancelled: (fault) => faults.push(fault) })
    exchange.readBody({ data: () => true, end: () => undefined })
    exchange.writeHead(responseHead(200, 100))
    exchange.writeBody(Buffer.from('begun'), 0, 5)
    exchange.flush()
  })
  const client = await side.connect()
  client.send(`${upload}abc`)
  await client.until('begun')
  await assertOpenFor(side, client, 60_000)
  await client.ended()
  assert.equal(client.ending, 'reset')
  assert.deepEqual(faults, ['ClientTimeout'])
})

test('a request body that nobody takes may wait for as long as it has to', async (t) => {
  let body = ''
  const side = await start(t, (exchange) => {
    exchange.attach({ drained: () => undefined, cancelled: (fault) => assert.fail(fault) })
    exchange.readBody({
      data: (bytes, from, to) => {
        body += bytes.toString('latin1', from, to)
        return false
      },
      end: () => reply(exchange, body),
    })
  })
  const client = await side.connect()
  client.send(`${upload}abc`)
  await pass(side, 3_600_000)
  client.send('defghij')
  await roundTrip()
  side.exchanges[0]?.resumeBody()
  await client.until('abcdefghij')
})

const large = 4 * portion

test('a client that takes nothing for 60 s is cut', async (t) => {
  const faults: string[] = []
  const side = await start(t, (exchange) => {
    exchange.attach({ drained: () => undefined, cancelled: (fault) => faults.push(fault) })
    exchange.writeHead(responseHead(200, chunked))
    assert.equal(exchange.writeBody(Buffer.alloc(large), 0, large), false)
  })
  const client = await side.connect()
  client.socket.pause()
  client.send(request)
  await pass(side, 60_000 - 1)
  assert.equal(side.listener.connections, 1)
  await pass(side, slack + 1)
  assert.equal(side.listener.connections, 0)
  assert.deepEqual(faults, ['ClientGone'])
})

test('a client that takes nothing of the end of an answer for 60 s is cut', async (t) => {
  const side = await start(t, (exchange) => {
    exchange.attach(deaf)
    exchange.writeHead(responseHead(200, chunked))
    exchange.writeBody(Buffer.alloc(large), 0, large)
    exchange.endBody('')
  })
  const client = await side.connect()
  client.socket.pause()
  client.send(request)
  await pass(side, 60_000 + slack)
  assert.equal(side.listener.connections, 0)
})

test('a client that takes nothing is cut after 60 s though it goes on asking, and is answered once', async (t) => {
  const side = await start(t, replyLarge)
  const client = await side.connect()
  client.socket.pause()
  client.send(request + request)
  for (let asked = 0; asked < 3; asked++) {
    client.send(request)
    await pass(side, 20_000 - 1)
    assert.equal(side.listener.connections, 1)
  }
  await pass(side, slack + 3)
  assert.equal(side.listener.connections, 0)
  assert.equal(side.exchanges.length, 1)
})

test('a connection that ends has a deadline until its last octets have left, whatever its stream says meanwhile', () => {
  const clock = new FakeClock()
  // What is written never leaves.
  const socket = new Duplex({ read: () => undefined, write: () => undefined })
  const connection = openConnection(socket, {}, reply200, clock)
  const last = Buffer.from('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
  connection.data(last, 0, last.length)
  assert.ok(socket.writableEnded)
  connection.drained()
  clock.advance(60_000 - 1)
  assert.equal(socket.destroyed, false)
  clock.advance(slack + 1)
  assert.equal(socket.destroyed, true)
})

test('a client that takes octets again gets all of the answer', async (t) => {
  let left = large
  const send = (exchange: Exchange): void => {
    const piece = Buffer.alloc(64 * 1024)
    while (left > 0) {
      left -= piece.length
      if (!exchange.writeBody(piece, 0, piece.length)) return
    }
    exchange.endBody('')
  }
  const side = await start(t, (exchange) => {
    exchange.attach({ drained: () => send(exchange), cancelled: (fault) => assert.fail(fault) })
    exchange.writeHead(responseHead(200, large))
    send(exchange)
  })
  const client = await side.connect()
  const reader = new SlowReader(client.socket)
  client.send(request)
  await pass(side, 59_000)
  await reader.take(large)
  await pass(side, 60_000 + slack)
  assert.equal(side.exchanges[0]?.bytesSent, large)
  assert.equal(client.ending, undefined)
})

for (const [what, isOver] of [
  ['an answer', false],
  ['the end of an answer', true],
] as const)
  test(`a client that is slow to take ${what} is not cut before it stands still`, async (t) => {
    const side = await start(t, (exchange) => {
      exchange.attach(deaf)
      exchange.writeHead(responseHead(200, chunked))
      exchange.writeBody(Buffer.alloc(large), 0, large)
      if (isOver) exchange.endBody('')
    })
    const client = await side.connect()
    const reader = new SlowReader(client.socket)
    client.send(isOver ? 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n' : request)
    for (const enough of [portion, 2 * portion]) {
      await reader.take(enough)
      await pass(side, 59_000)
      assert.equal(side.listener.connections, 1)
    }
    await pass(side, 16_000 + slack)
    assert.equal(side.listener.connections, 0)
  })

test('a client that does not close after the last answer is let go before long', async (t) => {
  const side = await start(t, reply200)
  const client = await side.connect()
  client.send('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
  await client.ended()
  assert.equal(side.listener.connections, 1)
  await pass(side, 2_000 + slack)
  assert.equal(side.listener.connections, 0)
})

test('the end of an answer is not cut off though the request was not read whole', async (t) => {
  const side = await start(t, replyLarge)
  const client = await side.connect()
  const reader = new SlowReader(client.socket)
  client.send(upload)
  await pass(side, 30_000)
  await reader.take(large)
  client.socket.resume()
  await client.ended()
  assert.equal(client.ending, 'end')
  assert.ok(reader.octets > large)
})

function replyLarge(exchange: Exchange): void {
  exchange.attach(deaf)
  exchange.writeHead(responseHead(200, large))
  exchange.writeBody(Buffer.alloc(large), 0, large)
  exchange.endBody('')
}

function reply200(exchange: Exchange): void {
  reply(exchange, 'hello')
}
