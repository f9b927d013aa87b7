import assert from 'node:assert/strict'
import { test } from 'node:test'

import { chunked } from '../../src/http/index.ts'
import type { BodySink, Exchange } from '../../src/model/index.ts'
import { answerExchange } from '../../src/serve/own-answer.ts'
import { deaf, reply, responseHead } from '../support/client-side.ts'
import type { ExchangeCarrier } from './exchange-carrier.ts'

type Faults = string[]
type Asked = Awaited<ReturnType<ExchangeCarrier['ask']>>

/** The promises of `Exchange`, whatever carries it. */
export function holdToExchangeContract(name: string, start: () => Promise<ExchangeCarrier>): void {
  const contract = (promise: string, check: (carrier: ExchangeCarrier) => Promise<void>): void => {
    test(`${name}: ${promise}`, async (t) => {
      const carrier = await start()
      t.after(() => carrier.close())
      await check(carrier)
    })
  }
  for (const part of [requests, bodies, answers, ends]) part(contract)
}

type Contract = (promise: string, check: (carrier: ExchangeCarrier) => Promise<void>) => void

function write(exchange: Exchange, text: string): boolean {
  const bytes = Buffer.from(text, 'latin1')
  return exchange.writeBody(bytes, 0, bytes.length)
}

/** Keeps a body, and takes more of it or not. */
class Keeper implements BodySink {
  body = ''
  trailers: string | undefined
  ends = 0
  takesMore = true

  data(bytes: Buffer, start: number, end: number): boolean {
    this.body += bytes.toString('latin1', start, end)
    return this.takesMore
  }

  end(trailers: string): void {
    this.ends++
    this.trailers = trailers
  }
}

/** Attaches a handler that only notes what it hears. */
function note({ exchange }: Asked): { readonly faults: Faults; readonly drains: string[] } {
  const heard = { faults: [] as Faults, drains: [] as string[] }
  exchange.attach({
    drained: () => heard.drains.push('drained'),
    cancelled: (fault) => heard.faults.push(fault),
  })
  return heard
}

function requests(contract: Contract): void {
  contract('a request has its head, its client, an id of its own and the time at which it came', async (carrier) => {
    await carrier.pass(1_234)
    const { exchange, client } = await carrier.ask({ method: 'GET' })
    assert.equal(exchange.request.method, 'GET')
    assert.equal(exchange.request.authority?.name, 'a.test')
    assert.equal(exchange.request.path, '/contract')
    assert.match(exchange.requestId, /^[\da-f]{32}$/)
    assert.equal(exchange.started, 1_234)
    assert.equal(exchange.client.scheme, 'http')
    reply(exchange, 'hello')
    await client.until(({ state }) => state === 'complete')
  })

  contract("the client's own request id is kept", async (carrier) => {
    const { exchange } = await carrier.ask({ requestId: 'its-own.id' })
    assert.equal(exchange.requestId, 'its-own.id')
    reply(exchange, '')
  })
}

function bodies(contract: Contract): void {
  for (const length of [11, chunked]) {
    const framing = length === chunked ? 'unannounced' : 'announced'
    contract(`an ${framing} body flows when it is asked for, whole and in order, and ends once`, async (carrier) => {
      const asked = await carrier.ask({ method: 'POST', length })
      const { faults } = note(asked)
      asked.client.sendBody('hello ')
      await carrier.settle()
      const keeper = new Keeper()
      asked.exchange.readBody(keeper)
      await carrier.settle()
      assert.equal(keeper.body, 'hello ')
      asked.client.sendBody('world')
      asked.client.endBody()
      await carrier.settle()
      assert.deepEqual([keeper.body, keeper.ends, keeper.trailers], ['hello world', 1, ''])
      assert.deepEqual(faults, [])
      reply(asked.exchange, 'thanks')
      assert.equal((await asked.client.until(({ state }) => state === 'complete')).body, 'thanks')
    })
  }

  contract('a sink that wants no more gets no more until the body is resumed', async (carrier) => {
    const { exchange, client } = await carrier.ask({ method: 'POST', length: chunked })
    exchange.attach(deaf)
    const keeper = new Keeper()
    keeper.takesMore = false
    exchange.readBody(keeper)
    client.sendBody('one')
    await carrier.settle()
    client.sendBody('two')
    client.endBody()
    await carrier.settle()
    assert.deepEqual([keeper.body, keeper.ends], ['one', 0])
    exchange.resumeBody()
    await carrier.settle()
    assert.equal(keeper.body, 'onetwo')
    exchange.resumeBody()
    await carrier.settle()
    assert.equal(keeper.ends, 1)
  })

  contract('a body whose sink waits when the answer begins goes on once it is resumed', async (carrier) => {
    const asked = await carrier.ask({ method: 'POST', length: chunked })
    const { exchange, client } = asked
    const { faults } = note(asked)
    const keeper = new Keeper()
    keeper.takesMore = false
    exchange.readBody(keeper)
    client.sendBody('one')
    await carrier.settle()
    exchange.writeHead(responseHead(200, chunked))
    write(exchange, 'begun')
    exchange.flush()
    client.sendBody('two')
    client.endBody()
    await client.until(({ body }) => body === 'begun')
    assert.equal(keeper.body, 'one')
    keeper.takesMore = true
    exchange.resumeBody()
    await carrier.settle()
    assert.deepEqual([keeper.body, keeper.ends, faults], ['onetwo', 1, []])
    exchange.endBody('')
    assert.equal((await client.until(({ state }) => state === 'complete')).body, 'begun')
  })

  contract('a request without a body ends at once when its body is read', async (carrier) => {
    const { exchange } = await carrier.ask({ method: 'GET' })
    exchange.attach(deaf)
    const keeper = new Keeper()
    exchange.readBody(keeper)
    await carrier.settle()
    assert.deepEqual([keeper.body, keeper.ends], ['', 1])
    reply(exchange, '')
  })

  contract('trailers of a request come at its end, without those that nobody may send there', async (carrier) => {
    const { exchange, client } = await carrier.ask({ method: 'POST', length: chunked })
    exchange.attach(deaf)
    const keeper = new Keeper()
    exchange.readBody(keeper)
    client.sendBody('x')
    client.endBody('X-Sum: 1\r\nAuthorization: no\r\nX-Real-IP: 6.6.6.6\r\n')
    await carrier.settle()
    assert.equal(keeper.trailers, 'X-Sum: 1\r\n')
    reply(exchange, '')
  })

  contract('a client that waits for 100 Continue gets it when the body is read, once', async (carrier) => {
    const { exchange, client } = await carrier.ask({ method: 'POST', length: 2, expectContinue: true })
    exchange.attach(deaf)
    await carrier.settle()
    const keeper = new Keeper()
    exchange.readBody(keeper)
    assert.deepEqual((await client.until(({ interims }) => interims.length > 0)).interims, [100])
    client.sendBody('ok')
    client.endBody()
    await carrier.settle()
    assert.equal(keeper.ends, 1)
    reply(exchange, '')
    assert.deepEqual((await client.until(({ state }) => state === 'complete')).interims, [100])
  })

  contract('a body that breaks the rules is told once', async (carrier) => {
    const asked = await carrier.ask({ method: 'POST', length: chunked })
    const { faults } = note(asked)
    const keeper = new Keeper()
    asked.exchange.readBody(keeper)
    asked.client.sendBody('good')
    asked.client.breakBody()
    await carrier.settle()
    asked.client.sendBody('more')
    await carrier.settle()
    assert.deepEqual([faults, keeper.body, keeper.ends], [['BadRequest'], 'good', 0])
  })

  contract('a body that breaks the rules can be answered as soon as it is told', async (carrier) => {
    const { exchange, client } = await carrier.ask({ method: 'POST', length: chunked })
    exchange.attach({
      drained: () => undefined,
      cancelled: (fault) => answerExchange(exchange, { reason: fault }, 'lintel'),
    })
    exchange.readBody(new Keeper())
    client.breakBody()
    const { status, body } = await client.until(({ state }) => state === 'complete')
    assert.deepEqual([status, body], [400, `400 BadRequest ${exchange.requestId}\n`])
  })

  contract('a body that falls silent is told after a minute', async (carrier) => {
    const asked = await carrier.ask({ method: 'POST', length: 10 })
    const { faults } = note(asked)
    asked.exchange.readBody(new Keeper())
    asked.client.sendBody('good')
    await carrier.pass(59_000)
    assert.deepEqual(faults, [])
    await carrier.pass(2_000)
    assert.deepEqual(faults, ['ClientTimeout'])
  })
}

function answers(contract: Contract): void {
  for (const length of [11, chunked]) {
    const framing = length === chunked ? 'unannounced' : 'announced'
    contract(`an answer of ${framing} length arrives whole, and is counted`, async (carrier) => {
      const asked = await carrier.ask({})
      const heard = note(asked)
      const { exchange, client } = asked
      exchange.writeHead(responseHead(201, length, { lines: 'X-Kind: test\r\n' }))
      write(exchange, 'hello ')
      exchange.flush()
      await client.until(({ body }) => body === 'hello ')
      write(exchange, 'world')
      exchange.endBody('')
      const { status, lines, body } = await client.until(({ state }) => state === 'complete')
      assert.deepEqual([status, body, exchange.bytesSent], [201, 'hello world', 11])
      assert.match(lines, /^X-Kind: test\r\n/m)
      await carrier.settle()
      assert.deepEqual(heard.faults, [])
    })
  }

  contract('an answer without a body is complete', async (carrier) => {
    for (const [method, status, declaredLength] of [
      ['HEAD', 200, 5],
      ['GET', 204, undefined],
      ['GET', 304, 5],
      ['GET', 200, 0],
    ] as const) {
      const { exchange, client } = await carrier.ask({ method })
      exchange.attach(deaf)
      exchange.writeHead(responseHead(status, 0, { declaredLength }))
      exchange.endBody('')
      const seen = await client.until(({ state }) => state === 'complete')
      assert.deepEqual([seen.status, seen.body], [status, ''])
    }
  })

  contract('interim answers come before the final one', async (carrier) => {
    const { exchange, client } = await carrier.ask({})
    exchange.attach(deaf)
    exchange.writeInterim(responseHead(103, 0))
    exchange.flush()
    await client.until(({ interims }) => interims.includes(103))
    exchange.writeInterim(responseHead(102, 0))
    reply(exchange, 'hello')
    const { interims, status, body } = await client.until(({ state }) => state === 'complete')
    assert.deepEqual([interims, status, body], [[103, 102], 200, 'hello'])
  })

  contract('trailers of an answer reach the client that takes them', async (carrier) => {
    const { exchange, client } = await carrier.ask({ acceptsTrailers: true })
    exchange.attach(deaf)
    exchange.writeHead(responseHead(200, chunked))
    write(exchange, 'hello')
    exchange.endBody('X-Sum: 1\r\n')
    assert.equal((await client.until(({ state }) => state === 'complete')).trailers, 'X-Sum: 1\r\n')
  })

  contract(
    'a client that takes nothing is told of, and so is when it takes again; no octet is lost',
    async (carrier) => {
      const asked = await carrier.ask({})
      const { exchange, client } = asked
      const { drains, faults } = note(asked)
      const piece = 'x'.repeat(256 * 1024)
      const most = 256
      client.pause()
      exchange.writeHead(responseHead(200, chunked))
      let pieces = 1
      while (write(exchange, piece) && pieces < most) pieces++
      assert.ok(pieces < most, 'the client took everything')
      assert.deepEqual(drains, [])
      client.resume()
      await client.until(({ body }) => body.length === pieces * piece.length)
      await carrier.settle()
      assert.equal(drains.length, 1)
      assert.equal(write(exchange, 'end'), true)
      exchange.endBody('')
      const { body } = await client.until(({ state }) => state === 'complete')
      assert.equal(body.length, pieces * piece.length + 3)
      assert.deepEqual(faults, [])
    },
  )

  contract('an answer may come before the body of the request was read, or had come', async (carrier) => {
    const { exchange, client } = await carrier.ask({ method: 'POST', length: 10 })
    client.sendBody('good')
    reply(exchange, 'too early')
    assert.equal((await client.until(({ state }) => state === 'complete')).body, 'too early')
  })
}

function ends(contract: Contract): void {
  const cuts: [what: string, cut: (exchange: Exchange) => void][] = [
    ['that is aborted before its head', (exchange) => exchange.abort()],
    [
      'of announced length that is aborted',
      (exchange) => {
        exchange.writeHead(responseHead(200, 10))
        write(exchange, 'hello')
        exchange.abort()
      },
    ],
    [
      'of unannounced length that is aborted',
      (exchange) => {
        exchange.writeHead(responseHead(200, chunked))
        write(exchange, 'hello')
        exchange.abort()
      },
    ],
    [
      'that ends too soon',
      (exchange) => {
        exchange.writeHead(responseHead(200, 10))
        write(exchange, 'hello')
        exchange.endBody('')
      },
    ],
    [
      'that is longer than announced',
      (exchange) => {
        exchange.writeHead(responseHead(200, 4))
        write(exchange, 'hello')
        exchange.endBody('')
      },
    ],
  ]
  for (const [what, cut] of cuts) {
    contract(`an answer ${what} is never taken for a complete one, and nothing is heard after it`, async (carrier) => {
      const asked = await carrier.ask({})
      const heard = note(asked)
      cut(asked.exchange)
      assert.equal((await asked.client.until(({ state }) => state !== 'open')).state, 'cut')
      await carrier.settle()
      assert.deepEqual(heard, { faults: [], drains: [] })
    })
  }

  contract('a client that leaves is told once, and what is written then does no harm', async (carrier) => {
    const asked = await carrier.ask({})
    const { faults } = note(asked)
    asked.exchange.writeHead(responseHead(200, chunked))
    write(asked.exchange, 'hello')
    asked.exchange.flush()
    await asked.client.until(({ body }) => body === 'hello')
    asked.client.leave()
    await carrier.settle()
    assert.deepEqual(faults, ['ClientGone'])
    write(asked.exchange, 'more')
    asked.exchange.endBody('')
    asked.exchange.abort()
    await carrier.settle()
    assert.deepEqual(faults, ['ClientGone'])
  })

  contract('a client that leaves inside its body is told once', async (carrier) => {
    const asked = await carrier.ask({ method: 'POST', length: 10 })
    const { faults } = note(asked)
    const keeper = new Keeper()
    asked.exchange.readBody(keeper)
    asked.client.sendBody('good')
    asked.client.leave()
    await carrier.settle()
    assert.deepEqual([faults, keeper.ends], [['ClientGone'], 0])
  })

  contract('nothing is heard of a client that leaves after the answer', async (carrier) => {
    const asked = await carrier.ask({})
    const { faults } = note(asked)
    asked.exchange.writeHead(responseHead(200, 2))
    write(asked.exchange, 'ok')
    asked.exchange.endBody('')
    await asked.client.until(({ state }) => state === 'complete')
    asked.client.leave()
    await carrier.settle()
    assert.deepEqual(faults, [])
  })
}
