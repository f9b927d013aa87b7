import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { connect } from 'node:net'
import { test } from 'node:test'
import type { TestContext } from 'node:test'

import { reply, startClientSide } from '../../test/support/client-side.ts'
import type { ClientSide } from '../../test/support/client-side.ts'
import { RawClient, roundTrip } from '../../test/support/raw-client.ts'
import { connectTwice, needsTwoAddresses } from '../../test/support/same-port.ts'
import type { Exchange } from '../model/index.ts'
import { TlsContexts } from './tls-contexts.ts'

const request = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
const slack = 500

async function start(
  t: TestContext,
  onExchange: (exchange: Exchange) => void,
  host = '127.0.0.1',
): Promise<ClientSide> {
  const side = await startClientSide(onExchange, { host })
  t.after(() => side.close())
  return side
}

const hello = (exchange: Exchange): void => reply(exchange, 'hello')

async function isPending(promise: Promise<unknown>): Promise<boolean> {
  const seen = { done: false }
  void promise.then(() => (seen.done = true))
  await roundTrip()
  return !seen.done
}

for (const [peer, address] of [
  ['127.0.0.1', '127.0.0.1'],
  ['::1', '::1'],
]) {
  test(`a client at ${peer} of a :: listener is named ${address}`, async (t) => {
    const side = await start(t, hello, '::')
    const client = await RawClient.connect(side.port, peer)
    t.after(() => client.close())
    client.send(request)
    await client.until('hello')
    assert.deepEqual(side.exchanges[0]?.client, { address, scheme: 'http', sni: undefined, policy: undefined })
  })
}

test('connections are counted until they are gone', async (t) => {
  const side = await start(t, hello)
  const clients = [await side.connect(), await side.connect()]
  await roundTrip()
  assert.equal(side.listener.connections, 2)
  for (const client of clients) client.socket.resetAndDestroy()
  await roundTrip()
  assert.equal(side.listener.connections, 0)
})

test(
  'two connections of one port of a peer both count as waiting, and one when the other is gone',
  needsTwoAddresses,
  async (t) => {
    const side = await startClientSide(hello, { tls: new TlsContexts(), host: '0.0.0.0' })
    t.after(() => side.close())
    const waiting = async (): Promise<number> => {
      await roundTrip()
      return [...side.listener.waiting()].length
    }
    const [first] = await connectTwice(t, side.port)
    assert.equal(await waiting(), 2)
    first.resetAndDestroy()
    assert.equal(await waiting(), 1)
  },
)

// Draining

test('drain() lets an answer finish, announces the close, and resolves when the connection is gone', async (t) => {
  const side = await start(t, () => undefined)
  const client = await side.connect()
  client.send(request)
  await roundTrip()
  side.context.draining = true
  const drained = side.listener.drain()
  side.listener.stopAccepting()
  assert.ok(await isPending(drained))
  for (const exchange of side.exchanges) hello(exchange)
  assert.match(await client.ended(), /\r\nConnection: close\r\n.*hello$/s)
  client.close()
  await drained
})

test('drain() closes an idle connection when it has been idle for 5 s, not before', async (t) => {
  const side = await start(t, hello)
  const client = await side.connect()
  client.send(request)
  await client.until('hello')
  side.clock.advance(2_000)
  side.context.draining = true
  const drained = side.listener.drain()
  side.listener.stopAccepting()
  side.clock.advance(3_000 - 1)
  await roundTrip()
  assert.equal(client.ending, undefined)
  side.clock.advance(slack + 1)
  await client.ended()
  assert.equal(client.ending, 'end')
  client.close()
  await drained
})

test('a request on an idle connection while draining is answered and told to be the last', async (t) => {
  const side = await start(t, hello)
  const client = await side.connect()
  client.send(request)
  await client.until('hello')
  side.context.draining = true
  const drained = side.listener.drain()
  side.listener.stopAccepting()
  client.received = ''
  client.send(request)
  assert.match(await client.ended(), /\r\nConnection: close\r\n.*hello$/s)
  client.close()
  await drained
})

test('connections that come after drain() are served, and drain() waits for them', async (t) => {
  const side = await start(t, () => undefined)
  side.context.draining = true
  const drained = side.listener.drain()
  const client = await side.connect()
  client.send(request)
  await roundTrip()
  side.listener.stopAccepting()
  assert.ok(await isPending(drained))
  for (const exchange of side.exchanges) hello(exchange)
  assert.match(await client.ended(), /Connection: close/)
  client.close()
  await drained
})

test('connections that wait to be accepted when accepting stops are served', async (t) => {
  const side = await start(t, hello)
  const sockets = Array.from({ length: 50 }, () => connect({ port: side.port, host: '127.0.0.1', allowHalfOpen: true }))
  await new Promise((resolve) => process.nextTick(resolve))
  side.context.draining = true
  const drained = side.listener.drain()
  side.listener.stopAccepting()
  for (const client of sockets.map((socket) => new RawClient(socket))) {
    client.send(request)
    assert.match(await client.ended(), /hello$/)
    client.close()
  }
  await drained
})

test('drain() resolves where nothing was ever listened on', async () => {
  const side = await startClientSide(hello)
  const drained = side.listener.drain()
  side.listener.stopAccepting()
  await drained
})

// Faults of clients and of the machine

test('clients that reset at any moment do no harm', async (t) => {
  const side = await start(t, (exchange) => setImmediate(() => hello(exchange)))
  for (const sent of [
    '',
    'GET / HT',
    request,
    request + request,
    'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc',
  ]) {
    const client = await side.connect()
    client.send(sent)
    client.socket.resetAndDestroy()
  }
  await roundTrip()
  const client = await side.connect()
  client.send(request)
  await client.until('hello')
  assert.equal(side.listener.connections, 1)
})

/** Whoever comes before the descriptors of those who left are free is turned away, and comes again. */
async function answerFrom(port: number): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const client = await RawClient.connect(port)
    client.send(request)
    await client.until('hello').catch((error: unknown) => {
      if (attempt === 100) throw error
    })
    client.close()
    if (client.received.includes('hello')) return client.received
  }
}

test('running out of descriptors neither ends the process nor its service', async (t) => {
  const program = new URL('../../test/support/few-descriptors.ts', import.meta.url).pathname
  const child = spawn('sh', ['-c', 'ulimit -n 40 && exec "$0" "$1"', process.execPath, program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.after(() => child.kill('SIGKILL'))
  let said = ''
  child.stdout.setEncoding('latin1').on('data', (text: string) => (said += text))
  const next = async (): Promise<string> => {
    while (!said.includes('\n')) await roundTrip()
    const [line = '', ...rest] = said.split('\n')
    said = rest.join('\n')
    return line
  }
  const port = Number(await next())
  const clients: RawClient[] = []
  for (let count = 0; count < 100; count++) clients.push(await RawClient.connect(port))
  await roundTrip()
  for (const client of clients) client.socket.resetAndDestroy()
  const [milliseconds = '0'] = [/\r\nCpu: (\d+)/.exec(await answerFrom(port))?.[1]]
  assert.ok(Number(milliseconds) < 2_000, `${milliseconds} ms of CPU were spent`)
})
