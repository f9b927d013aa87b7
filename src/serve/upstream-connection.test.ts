import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { after, before, describe, it, test } from 'node:test'

import { startDataPlane } from '../../test/support/data-plane.ts'
import { FakeExchanges } from '../../test/support/fake-exchange.ts'
import { roundTrip } from '../../test/support/raw-client.ts'
import { createProxy } from '../../test/support/upstream-side.ts'
import type { AccessEntry } from '../model/index.ts'
import { ReadBuffers } from './index.ts'
import type { Proxy } from './index.ts'

type Seen = { readonly status: number; readonly body: string; readonly state: 'complete' | 'cut' }
type Shape = readonly [name: string, answer: string, seen: Seen, close?: 'end' | 'reset']

const ok = 'HTTP/1.1 200 OK\r\n'
const own = `${ok}Content-Length: 3\r\n\r\nown`
const invalid: Seen = { status: 502, body: '*', state: 'complete' }
const whole = (body: string): Seen => ({ status: 200, body, state: 'complete' })
const cut: Seen = { status: 200, body: '*', state: 'cut' }
const closing = `${ok}Connection: close\r\nContent-Length: 3\r\n\r\nown`
/** Half of what a head may be. */
const largeInterim = `HTTP/1.1 103 A\r\nLink: ${'a'.repeat(32 * 1024 - 26)}\r\n\r\n`
const interim = 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'

/** What an upstream may answer with, and all that a client may see of it. A body of `*` is not compared. */
const shapes: readonly Shape[] = [
  ['both lengths', `${ok}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, invalid],
  ['two lengths that differ', `${ok}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`, invalid],
  ['a negative length', `${ok}Content-Length: -1\r\n\r\n`, invalid],
  ['a length with a sign', `${ok}Content-Length: +3\r\n\r\nabc`, invalid],
  ['a length beyond all integers', `${ok}Content-Length: 99999999999999999999\r\n\r\n`, invalid],
  ['a status of two digits', 'HTTP/1.1 20 OK\r\n\r\n', invalid],
  ['another protocol', 'SSH-2.0-OpenSSH_9.6\r\n\r\n', invalid],
  ['a head with a NUL', `${ok}A: b\0c\r\nContent-Length: 0\r\n\r\n`, invalid],
  ['a space before the colon', `${ok}Content-Length : 3\r\n\r\nabc`, invalid],
  ['a folded line', `${ok}A: b\r\n c\r\nContent-Length: 0\r\n\r\n`, invalid],
  ['a bare CR in a value', `${ok}A: b\rSet-Cookie: c\r\nContent-Length: 0\r\n\r\n`, invalid],
  ['a 101 that nobody asked for', 'HTTP/1.1 101 S\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\nx', invalid],
  ['a 101 to another protocol', 'HTTP/1.1 101 S\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\nx', invalid],
  ['an endless head', `${ok}${`A: ${'b'.repeat(1_000)}\r\n`.repeat(80)}`, invalid],
  ['an endless line', `${ok}A: ${'b'.repeat(80_000)}`, invalid],
  ['too many fields', `${ok}${'A: b\r\n'.repeat(300)}Content-Length: 0\r\n\r\n`, invalid],
  ['more interim answers than anybody needs', `${interim.repeat(40)}${closing}`, invalid],
  ['interim answers that are together larger than a head may be', `${largeInterim.repeat(3)}${closing}`, invalid],
  [
    'interim answers that are as large as a head may be, and an answer',
    `${largeInterim.repeat(2)}${closing}`,
    whole('own'),
  ],
  ['a body cut short', `${ok}Content-Length: 10\r\n\r\nabc`, cut, 'end'],
  ['a body that is reset', `${ok}Content-Length: 10\r\n\r\nabc`, cut, 'reset'],
  ['a chunk size that is none', `${ok}Transfer-Encoding: chunked\r\n\r\nxyz\r\n`, cut],
  ['a chunk longer than it says', `${ok}Transfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n`, cut],
  ['a chunk size that overflows', `${ok}Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n`, cut],
  ['chunks without the last', `${ok}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n`, cut, 'end'],
  ['a FIN instead of an answer to a POST', '', invalid, 'end'],
  ['a FIN inside the head', `${ok}Content-Le`, invalid, 'end'],
  ['octets after a counted body', `${ok}Content-Length: 3\r\n\r\nabc${own}`, whole('abc')],
  ['octets after the last chunk', `${ok}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n${own}`, whole('abc')],
  ['a body to a 204', `HTTP/1.1 204 No\r\n\r\n${own}`, { status: 204, body: '', state: 'complete' }],
  ['a body until the close', `${ok}\r\nabc`, whole('abc'), 'end'],
  [
    'a connection that an interim answer says is closed (RFC 9112 9.6)',
    `HTTP/1.1 103 A\r\nConnection: close\r\n\r\n${ok}Content-Length: 3\r\n\r\nabc`,
    whole('abc'),
  ],
  [
    'a connection that is closed after the answer',
    `${ok}Connection: close\r\nContent-Length: 3\r\n\r\nabc`,
    whole('abc'),
  ],
]

/** The first connection answers with the shape, all others with what is their own. */
class ShapedUpstream {
  readonly server: Server
  /** On which connection each request came. */
  readonly requests: Socket[] = []
  readonly #sockets = new Set<Socket>()
  #shape: Shape | undefined

  constructor() {
    this.server = createServer({ noDelay: true }, (socket) => this.#accept(socket))
  }

  use(shape: Shape): void {
    this.#shape = shape
    this.requests.length = 0
  }

  close(): void {
    this.server.close()
    for (const socket of this.#sockets) socket.destroy()
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => this.#sockets.delete(socket))
    socket.on('data', () => this.#answer(socket))
  }

  #answer(socket: Socket): void {
    this.requests.push(socket)
    const shape = this.#shape
    this.#shape = undefined
    if (shape === undefined) return void socket.write(own)
    const [, answer, , close] = shape
    if (close === 'end') return void socket.end(answer, 'latin1')
    socket.write(answer, 'latin1', () => close === 'reset' && socket.resetAndDestroy())
  }
}

for (const [way, direct] of [
  ['', true],
  [', by the public API of Node alone', false],
] as const)
  describe(`an answer of a hostile upstream${way}`, () => {
    const upstream = new ShapedUpstream()
    const exchanges = new FakeExchanges()
    const log: AccessEntry[] = []
    let proxy: Proxy

    before(async () => {
      upstream.server.listen(0, '127.0.0.1')
      await once(upstream.server, 'listening')
      const { port } = upstream.server.address() as AddressInfo
      proxy = createProxy(exchanges.clock, [port], (entry) => log.push(entry), new ReadBuffers(direct))
    })
    after(() => {
      proxy.destroy()
      upstream.close()
    })

    const ask = async (method: string): Promise<Seen> => {
      const exchange = exchanges.open({ method })
      // What waited for the next turn of the loop had it since the last request.
      exchanges.clock.advance(0)
      proxy.handle(exchange)
      for (let turns = 0; exchange.peer.answer.state === 'open'; turns++) {
        assert.ok(turns < 100_000, 'no answer came')
        await new Promise(setImmediate)
      }
      const { status, body, state } = exchange.peer.answer
      return { status, body, state: state === 'cut' ? 'cut' : 'complete' }
    }

    for (const shape of shapes) {
      const [name, , expected] = shape
      it(`${name} is ${expected.state === 'cut' ? 'cut' : expected.status}, and the next client gets its own`, async () => {
        upstream.use(shape)
        log.length = 0
        const seen = await ask('POST')
        assert.deepEqual({ ...seen, body: expected.body === '*' ? '*' : seen.body }, expected)
        assert.deepEqual(await ask('POST'), whole('own'))
        assert.equal(upstream.requests.length, 2, 'a POST is delivered once')
        assert.notEqual(upstream.requests[0], upstream.requests[1], 'the connection is not used again')
        assert.deepEqual(
          log.map(({ status }) => status),
          [expected.status, 200],
        )
        assert.equal(proxy.live, 0)
      })
    }
  })

for (const [what, asked, answered] of [
  ['credentials', 'Authorization: Negotiate YIIB\r\n', ''],
  ['a challenge', '', 'WWW-Authenticate: NTLM\r\n'],
] as const)
  test(`a connection is not used again after ${what} that authenticate it as a whole`, async (t) => {
    const { client, upstream, connections } = await startDataPlane(t)
    client.send(`GET / HTTP/1.1\r\nHost: a\r\n${asked}\r\n`)
    const first = await upstream
    await first.until('\r\n\r\n')
    first.send(`HTTP/1.1 200 OK\r\nContent-Length: 2\r\n${answered}\r\nok`)
    await client.until('\r\n\r\nok')
    await first.ended()
    client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    await roundTrip()
    assert.equal(connections(), 2)
  })
