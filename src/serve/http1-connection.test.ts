import assert from 'node:assert/strict'
import { Duplex } from 'node:stream'
import { test } from 'node:test'
import type { TestContext } from 'node:test'

import { deaf, reply, replyWithBody, responseHead, startClientSide } from '../../test/support/client-side.ts'
import type { ClientSide } from '../../test/support/client-side.ts'
import { openConnection } from '../../test/support/played-connection.ts'
import { roundTrip } from '../../test/support/raw-client.ts'
import { portion, SlowReader } from '../../test/support/slow-reader.ts'
import { chunked } from '../http/index.ts'
import type { Exchange } from '../model/index.ts'

async function start(
  t: TestContext,
  onExchange: (exchange: Exchange) => void,
  options: Parameters<typeof startClientSide>[1] = {},
): Promise<ClientSide> {
  const side = await startClientSide(onExchange, options)
  t.after(() => side.close())
  return side
}

const sayPath = (exchange: Exchange): void => reply(exchange, `${exchange.request.target};`)
const get = (path: string, fields = ''): string => `GET ${path} HTTP/1.1\r\nHost: a.test\r\n${fields}\r\n`
const bodies = (received: string): string[] => received.split(/HTTP\/1\.1 .*?\r\n\r\n/s).filter((text) => text !== '')

// Heads

test('a head may be cut at any octet', async (t) => {
  const side = await start(t, sayPath)
  const head = get('/cut', 'Accept: */*\r\n')
  for (let at = 1; at < head.length; at++) {
    const client = await side.connect()
    client.send(head.slice(0, at))
    await roundTrip()
    client.send(head.slice(at))
    await client.until('/cut;')
    client.close()
  }
})

test('a head may come octet by octet', async (t) => {
  const side = await start(t, sayPath)
  const client = await side.connect()
  for (const octet of `\r\n${get('/slow')}${get('/next')}`) {
    client.send(octet)
    await roundTrip()
  }
  assert.deepEqual(bodies(await client.until('/next;')), ['/slow;', '/next;'])
})

test('pipelined requests are answered in order, one after another', async (t) => {
  const side = await start(t, (exchange) => setImmediate(() => sayPath(exchange)))
  const client = await side.connect()
  client.send(get('/1') + get('/2') + get('/3'))
  assert.deepEqual(bodies(await client.until('/3;')), ['/1;', '/2;', '/3;'])
})

test('pipelined requests are all answered though the client has half-closed', async (t) => {
  const side = await start(t, (exchange) => setImmediate(() => setImmediate(() => sayPath(exchange))))
  const client = await side.connect()
  client.send(get('/1') + get('/2') + get('/3'))
  client.socket.end()
  const received = await client.ended()
  assert.deepEqual(bodies(received), ['/1;', '/2;', '/3;'])
  assert.equal(received.match(/Connection: close/g)?.length, 1)
})

test('requests that wait for their turn are answered though the client half-closes just then', async () => {
  const socket = new Duplex({ read: () => undefined, write: (_chunk, _encoding, done: () => void) => done() })
  const paths: string[] = []
  const connection = openConnection(socket, {}, (exchange) => {
    paths.push(exchange.request.target)
    sayPath(exchange)
  })
  const octets = Buffer.from(get('/1') + get('/2') + get('/3'))
  connection.data(octets, 0, octets.length)
  connection.ended()
  for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate)
  assert.deepEqual(paths, ['/1', '/2', '/3'])
  assert.ok(socket.writableEnded)
})

test('of many requests that came at once, no turn of the loop begins more than two', async (t) => {
  const perTurn = new Map<number, number>()
  let turn = 0
  const count = (): void => {
    turn++
    counting = setImmediate(count)
  }
  let counting = setImmediate(count)
  t.after(() => clearImmediate(counting))
  const side = await start(t, (exchange) => {
    perTurn.set(turn, (perTurn.get(turn) ?? 0) + 1)
    sayPath(exchange)
  })
  const client = await side.connect()
  client.send(Array.from({ length: 100 }, (_, at) => get(`/${at}`)).join(''))
  await client.until('/99;')
  assert.ok(Math.max(...perTurn.values()) <= 2)
})

for (const halfClosed of [false, true])
  test(`who does not take an answer is given no other until then${halfClosed ? ', though it has half-closed' : ''}`, async (t) => {
    const side = await start(t, (exchange) => reply(exchange, 'x'.repeat(portion)))
    const client = await side.connect()
    const reader = new SlowReader(client.socket)
    client.send(get('/1') + get('/2'))
    await roundTrip()
    client.send(get('/3'))
    if (halfClosed) client.socket.end()
    for (const answered of [1, 2, 3]) {
      assert.equal(side.exchanges.length, answered)
      await reader.take(answered * portion)
    }
    assert.ok(reader.octets > 3 * portion)
  })

test('a head that the client never finished ends with its half-close', async (t) => {
  const side = await start(t, (exchange) => setImmediate(() => sayPath(exchange)))
  const client = await side.connect()
  client.send(`${get('/1')}GET /2 HT`)
  client.socket.end()
  assert.deepEqual(bodies(await client.ended()), ['/1;'])
})

const faults: [name: string, head: string, answer: string][] = [
  ['a bare LF', 'GET / HTTP/1.1\nHost: a\n\n', '400 BadRequest'],
  ['a second blank line', `\r\n\r\n${get('/')}`, '400 BadRequest'],
  ['no Host', 'GET / HTTP/1.1\r\n\r\n', '400 BadRequest'],
  ['both lengths', get('/', 'Content-Length: 3\r\nTransfer-Encoding: chunked\r\n'), '400 BadRequest'],
  ['CONNECT', 'CONNECT a.test:80 HTTP/1.1\r\nHost: a.test:80\r\n\r\n', '405 MethodNotAllowed'],
  ['a long target', `GET /${'a'.repeat(20_000)}`, '414 TargetTooLong'],
  ['a long head', get('/', `A: ${'b'.repeat(70_000)}\r\n`), '431 HeadTooLarge'],
  ['many fields', get('/', 'A: b\r\n'.repeat(200)), '431 HeadTooLarge'],
]
for (const [name, head, answer] of faults) {
  test(`${name}: ${answer}, the close, and nothing after it is a request`, async (t) => {
    const side = await start(t, sayPath)
    const client = await side.connect()
    client.send(head + get('/smuggled'))
    const received = await client.ended()
    assert.match(received, new RegExp(`^HTTP/1\\.1 ${answer.slice(0, 3)} `))
    assert.match(received, /\r\nConnection: close\r\n/)
    assert.match(received, /\r\nServer: lintel\r\n/)
    assert.match(received, new RegExp(`\r\n\r\n${answer} [0-9a-f]{32}\n$`))
    assert.equal(client.ending, 'end')
    assert.equal(side.exchanges.length, 0)
    assert.deepEqual(
      side.log.map(({ status, reason }) => `${status} ${reason}`),
      [answer],
    )
  })
}

// Bodies

for (const framing of ['counted', 'chunked'] as const) {
  const message =
    framing === 'counted'
      ? `POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\nhello world`
      : `POST /b HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n6\r\n world\r\n0\r\nX-Sum: 1\r\n\r\n`
  test(`a ${framing} body may come octet by octet, and another request follows`, async (t) => {
    const side = await start(t, replyWithBody)
    const client = await side.connect()
    for (const octet of message + message) {
      client.send(octet)
      await roundTrip()
    }
    const whole = framing === 'counted' ? 'hello world|' : 'hello world|X-Sum: 1\r\n'
    await client.until((received) => received.split(whole).length === 3)
  })
}

test('a malformed chunk before the answer: 400, then the close', async (t) => {
  const side = await start(t, (exchange) => {
    exchange.attach({
      drained: () => undefined,
      cancelled: (fault) => reply(exchange, fault, { status: 400 }),
    })
    exchange.readBody({ data: () => true, end: () => assert.fail('ended') })
  })
  const client = await side.connect()
  client.send(
    `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n${get('/smuggled')}`,
  )
  const received = await client.ended()
  assert.match(received, /^HTTP\/1\.1 400 /)
  assert.match(received, /Connection: close/)
  assert.equal(side.exchanges.length, 1)
})

test('an answer before the body was read ends the connection, and the body is no request', async (t) => {
  const side = await start(t, sayPath)
  const client = await side.connect()
  client.send(`POST /early HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n`)
  await client.until('/early;')
  client.send(get('/smuggled').padEnd(1_200, 'x'))
  const received = await client.ended()
  assert.match(received, /Connection: close/)
  assert.equal(client.ending, 'end')
  assert.equal(side.exchanges.length, 1)
})

test('an answer before a body that is there already leaves the connection open', async (t) => {
  const side = await start(t, sayPath)
  const client = await side.connect()
  client.send(`POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello${get('/2')}`)
  assert.deepEqual(bodies(await client.until('/2;')), ['/1;', '/2;'])
})

test('100 Continue is sent once, when the body is asked for', async (t) => {
  const side = await start(t, (exchange) => setImmediate(() => replyWithBody(exchange)))
  const client = await side.connect()
  client.send(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n`)
  assert.equal(await client.until('\r\n\r\n'), 'HTTP/1.1 100 Continue\r\n\r\n')
  client.send('ok')
  assert.equal((await client.until('ok|')).split('100 Continue').length, 2)
})

test('100 Continue is not sent if the body is never asked for, nor to HTTP/1.0', async (t) => {
  const side = await start(t, (exchange) => (exchange.request.minor === 0 ? replyWithBody : sayPath)(exchange))
  for (const [minor, body] of [
    [1, ''],
    [0, 'ok'],
  ] as const) {
    const client = await side.connect()
    client.send(`POST / HTTP/1.${minor}\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n${body}`)
    assert.match(await client.until('\r\n\r\n'), /^HTTP\/1\.1 200 /)
  }
})

test('a client that sends faster than the body is taken is made to wait', async (t) => {
  const body = { taken: 0 }
  const side = await start(t, (exchange) => {
    exchange.attach(deaf)
    exchange.readBody({
      data: (_, from, to) => {
        body.taken += to - from
        return false
      },
      end: () => reply(exchange, `${body.taken};`),
    })
  })
  const client = await side.connect()
  const size = 32 * 1024 * 1024
  client.send(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${size}\r\n\r\n`)
  client.socket.write(Buffer.alloc(size, 'x'))
  for (let turn = 0; turn < 20; turn++) await roundTrip()
  assert.ok(body.taken <= 64 * 1024, `${body.taken} octets were handed over though no more were wanted`)
  assert.ok(client.socket.writableLength > 0, 'the client could send everything')
  while (body.taken < size) {
    side.exchanges[0]?.resumeBody()
    await new Promise(setImmediate)
  }
  await client.until(`${size};`)
})

// Answers

test('a chunked answer of one turn leaves in one piece, and trailers only to those who take them', async (t) => {
  const side = await start(t, (exchange) => {
    exchange.attach(deaf)
    exchange.writeHead(responseHead(200, chunked))
    exchange.writeBody(Buffer.from('hello'), 0, 5)
    exchange.endBody('X-Sum: 1\r\n')
  })
  const client = await side.connect()
  client.send(get('/', 'TE: trailers\r\nConnection: te\r\n'))
  assert.ok((await client.until('0\r\n')).endsWith('\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n'))
  client.received = ''
  client.send(get('/'))
  assert.ok((await client.until('0\r\n')).endsWith('\r\n\r\n5\r\nhello\r\n0\r\n\r\n'))
})

for (const connection of ['', 'Connection: keep-alive\r\n']) {
  test(`an answer of unknown length to HTTP/1.0 ends with the connection (${connection.trim() || 'as by default'})`, async (t) => {
    const side = await start(t, (exchange) => {
      exchange.attach(deaf)
      exchange.writeHead(responseHead(200, chunked))
      exchange.writeBody(Buffer.from('hello'), 0, 5)
      exchange.endBody('')
    })
    const client = await side.connect()
    client.send(`GET / HTTP/1.0\r\nHost: a\r\n${connection}\r\n`)
    const received = await client.ended()
    assert.match(received, /\r\nConnection: close\r\n/)
    assert.doesNotMatch(received, /chunked|keep-alive/i)
    assert.ok(received.endsWith('\r\n\r\nhello'))
    assert.equal(client.ending, 'end')
  })
}

test('HTTP/1.0 keeps the connection if it asks for it and the length is known', async (t) => {
  const side = await start(t, sayPath)
  const client = await side.connect()
  client.send(`GET /1 HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n`)
  assert.match(await client.until('/1;'), /\r\nConnection: keep-alive\r\n/)
  client.send(`GET /2 HTTP/1.0\r\nHost: a\r\n\r\n`)
  assert.deepEqual(bodies(await client.ended()), ['/1;', '/2;'])
})
