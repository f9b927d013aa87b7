import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { afterEach, describe, it } from 'node:test'

import { FakeExchanges } from '../../test/support/fake-exchange.ts'
import type { FakeExchange } from '../../test/support/fake-exchange.ts'
import { portion } from '../../test/support/slow-reader.ts'
import { createProxy } from '../../test/support/upstream-side.ts'
import type { AccessEntry } from '../model/index.ts'
import type { Proxy } from './index.ts'

const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

/** What an upstream does with octets; `delivery` counts those of all its connections, from 1. */
type Behaviour = (socket: Socket, delivery: number) => void

const answers: Behaviour = (socket) => void socket.write(answer)
const resets: Behaviour = (socket) => void socket.resetAndDestroy()
/** Answers though it reads no body. */
const early: Behaviour = (socket) => {
  socket.pause()
  socket.write(answer)
}
/** Resets each first time, and then begins an answer that does not end. */
const begins: Behaviour = (socket, delivery) =>
  delivery % 2 === 1 ? resets(socket, delivery) : void socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nslow')

/** An upstream that counts what is delivered to it. */
class CountingUpstream {
  readonly server: Server
  readonly sockets = new Set<Socket>()
  connections = 0
  text = ''
  deliveries = 0

  constructor(behave: Behaviour) {
    this.server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
      this.connections++
      this.sockets.add(socket)
      socket.on('error', () => socket.destroy())
      socket.on('close', () => this.sockets.delete(socket))
      socket.on('data', (bytes) => {
        this.text += bytes.toString('latin1')
        behave(socket, ++this.deliveries)
      })
    })
  }

  async listen(): Promise<number> {
    this.server.listen(0, '127.0.0.1')
    await once(this.server, 'listening')
    return (this.server.address() as AddressInfo).port
  }

  close(): void {
    this.server.close()
    for (const socket of this.sockets) socket.destroy()
  }
}

async function until(holds: () => boolean): Promise<void> {
  for (let turn = 0; turn < 20_000 && !holds(); turn++) await new Promise(setImmediate)
  assert.ok(holds(), 'it never came to hold')
}

async function finished({ peer }: FakeExchange): Promise<number> {
  await until(() => peer.answer.state !== 'open')
  return peer.answer.status
}

describe('ProxiedExchange', () => {
  const upstreams: CountingUpstream[] = []
  const log: AccessEntry[] = []
  let exchanges = new FakeExchanges()
  let proxy: Proxy | undefined

  afterEach(() => {
    proxy?.destroy()
    for (const upstream of upstreams.splice(0)) upstream.close()
    log.length = 0
    exchanges = new FakeExchanges()
  })

  const start = async (behaviours: readonly Behaviour[], before: readonly number[] = []): Promise<Proxy> => {
    upstreams.push(...behaviours.map((behave) => new CountingUpstream(behave)))
    const ports = await Promise.all(upstreams.map((upstream) => upstream.listen()))
    proxy = createProxy(exchanges.clock, [...before, ...ports], (entry) => log.push(entry))
    return proxy
  }
  const deliveries = (): number => upstreams.reduce((sum, upstream) => sum + upstream.deliveries, 0)
  const open = (to: Proxy, asked: Parameters<FakeExchanges['open']>[0]): FakeExchange => {
    const exchange = exchanges.open(asked)
    to.handle(exchange)
    return exchange
  }

  for (const method of ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'])
    it(`sends a ${method} that was reset once more, to the next endpoint`, async () => {
      const to = await start([resets, (socket) => void socket.write('HTTP/1.1 204 No\r\n\r\n')])
      assert.equal(await finished(open(to, { method })), 204)
      assert.equal(deliveries(), 2)
    })

  for (const method of ['POST', 'PATCH', 'PURGE'])
    it(`never sends a ${method} twice`, async () => {
      const to = await start([resets, answers])
      assert.equal(await finished(open(to, { method })), 502)
      assert.equal(deliveries(), 1)
      assert.deepEqual(
        log.map(({ status, reason }) => [status, reason]),
        [[502, 'UpstreamResetBeforeHead']],
      )
    })

  it('tries again once and no more', async () => {
    const to = await start([resets, resets, answers])
    assert.equal(await finished(open(to, { method: 'GET' })), 502)
    assert.equal(deliveries(), 2)
  })

  it('does not try again after an octet of an answer', async () => {
    const to = await start([(socket) => socket.write('H', () => socket.end()), answers])
    assert.equal(await finished(open(to, { method: 'GET' })), 502)
    assert.equal(deliveries(), 1)
  })

  for (const method of ['GET', 'POST'])
    it(`moves a ${method} on from an endpoint that refuses connections`, async () => {
      const gone = new CountingUpstream(answers)
      const refused = await gone.listen()
      gone.close()
      await once(gone.server, 'close')
      const to = await start([answers], [refused])
      assert.equal(await finished(open(to, { method })), 200)
      assert.equal(deliveries(), 1)
    })

  it('sends a small held body whole a second time', async () => {
    const to = await start([(socket) => setImmediate(() => socket.resetAndDestroy()), answers])
    const exchange = open(to, { method: 'PUT', length: 4 })
    exchange.peer.sendBody('body')
    exchange.peer.endBody()
    assert.equal(await finished(exchange), 200)
    assert.match(upstreams[1]?.text ?? '', /\r\n\r\nbody$/)
  })

  for (const [what, body, ends] of [
    ['has not come whole', 'half', false],
    ['is too large to be held', 'x'.repeat(65_537), true],
  ] as const)
    it(`sends no body a second time that ${what}`, async () => {
      const to = await start([(socket) => setImmediate(() => socket.resetAndDestroy()), answers])
      const exchange = open(to, { method: 'PUT', length: ends ? body.length : 2 * body.length })
      exchange.peer.sendBody(body)
      if (ends) exchange.peer.endBody()
      assert.equal(await finished(exchange), 502)
      assert.equal(upstreams[1]?.deliveries, 0)
    })

  it('never asks again for an answer that was cut', async () => {
    const to = await start([(socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf'), answers])
    const exchange = open(to, { method: 'GET' })
    assert.equal(await finished(exchange), 200)
    assert.deepEqual([exchange.peer.answer.state, exchange.peer.answer.body, deliveries()], ['cut', 'half', 1])
  })

  it('uses the connection again for a POST that follows at once, and a fresh one after a second of quiet', async () => {
    const to = await start([answers])
    const asked = { method: 'POST' }
    await finished(open(to, asked))
    await finished(open(to, asked))
    assert.equal(upstreams[0]?.connections, 1)
    exchanges.clock.advance(1_000)
    await finished(open(to, asked))
    assert.equal(upstreams[0].connections, 2)
  })

  it('uses the connection again however large the interim answers of the requests before were together', async () => {
    const interim = `HTTP/1.1 103 A\r\nLink: ${'a'.repeat(40_000)}\r\n\r\n`
    const to = await start([(socket) => void socket.write(interim + answer)])
    for (let count = 0; count < 3; count++) assert.equal(await finished(open(to, { method: 'POST' })), 200)
    assert.equal(upstreams[0]?.connections, 1)
  })

  it('throws a connection away on which octets came unasked', async () => {
    const to = await start([answers])
    await finished(open(to, { method: 'GET' }))
    for (const socket of upstreams[0]?.sockets ?? []) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil')
    await until(
      () => upstreams[0]?.sockets.size === 0 || [...(upstreams[0]?.sockets ?? [])].every((s) => s.readableEnded),
    )
    const next = open(to, { method: 'GET' })
    await finished(next)
    assert.equal(next.peer.answer.body, 'ok')
    assert.equal(upstreams[0]?.connections, 2)
  })

  it('passes on an answer that comes before the whole request, and drops the connection', async () => {
    const to = await start([answers])
    const exchange = open(to, { method: 'POST', length: 1_000_000 })
    exchange.peer.sendBody('first')
    assert.equal(await finished(exchange), 200)
    assert.equal(await finished(open(to, { method: 'POST' })), 200)
    assert.equal(upstreams[0]?.connections, 2)
  })

  it('drops the connection if the request has not left whole when its answer ends', async () => {
    const to = await start([early])
    const length = 2 * portion
    const exchange = open(to, { method: 'POST', length })
    exchange.peer.sendBody('x'.repeat(length))
    exchange.peer.endBody()
    assert.equal(await finished(exchange), 200)
    open(to, { method: 'GET' })
    await until(() => upstreams[0]?.connections === 2)
  })

  it('gives a retry back when its answer begins, however long that goes on', async () => {
    const to = await start([begins])
    for (let asked = 0; asked < 8; asked++) {
      const { peer } = open(to, { method: 'GET' })
      await until(() => peer.answer.status !== 0)
      assert.equal(peer.answer.status, 200)
    }
  })

  it('cuts the upstream when the client goes', async () => {
    const to = await start([() => undefined])
    const exchange = open(to, { method: 'GET' })
    await until(() => deliveries() === 1)
    exchange.peer.leave()
    await until(() => [...(upstreams[0]?.sockets ?? [])].every((socket) => socket.readableEnded))
    assert.deepEqual(
      log.map(({ status, reason }) => [status, reason]),
      [[499, 'ClientGone']],
    )
    assert.equal(to.live, 0)
  })

  it('answers 504 when no head comes for a minute', async () => {
    const to = await start([() => undefined])
    const exchange = open(to, { method: 'GET' })
    await until(() => deliveries() === 1)
    exchanges.clock.advance(61_000)
    assert.equal(await finished(exchange), 504)
  })

  it('holds little of a large answer while the client takes nothing', async () => {
    const size = 64 * 1024 * 1024
    let sent: Socket | undefined
    const to = await start([
      (socket) => {
        sent = socket
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n`)
        socket.write(Buffer.alloc(size))
      },
    ])
    const exchange = exchanges.open({ method: 'GET' })
    exchange.peer.pause()
    to.handle(exchange)
    await until(() => exchange.bytesSent > 0)
    for (let turn = 0; turn < 500; turn++) await new Promise(setImmediate)
    assert.ok(exchange.bytesSent <= 256 * 1024, `${exchange.bytesSent} octets are held`)
    assert.ok((sent?.writableLength ?? 0) > 0, 'the upstream waits')
    exchange.peer.leave()
  })
})
