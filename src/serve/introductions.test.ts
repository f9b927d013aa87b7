import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect as connectPlain, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { connect } from 'node:tls'

import { makeTestCertificate, tlsTable } from '../../test/support/certificates.ts'
import { reply, startClientSide } from '../../test/support/client-side.ts'
import type { ClientSide } from '../../test/support/client-side.ts'
import { RawClient, roundTrip } from '../../test/support/raw-client.ts'
import { connectTwice, needsTwoAddresses } from '../../test/support/same-port.ts'
import type { Exchange } from '../model/index.ts'
import { Introductions } from './introductions.ts'
import { TlsContexts } from './tls-contexts.ts'

const header = 'PROXY TCP4 203.0.113.9 192.0.2.1 5678 443\r\n'
const local = '\r\n\r\n\0\r\nQUIT\n\u{20}\0\0\0'
const get = 'GET / HTTP/1.1\r\nHost: a.test\r\n\r\n'

/** Says who asked. */
function tell(exchange: Exchange): void {
  reply(exchange, `${exchange.client.scheme} ${exchange.client.address}.`)
}

async function start(t: TestContext, trusted = ['127.0.0.0/8'], tls?: TlsContexts): Promise<ClientSide> {
  const side = await startClientSide(tell, {
    host: '0.0.0.0',
    settings: { trustedProxies: trusted, introducers: trusted, proxyProtocol: ['http', 'https'] },
    ...(tls !== undefined && { tls }),
  })
  t.after(() => side.close())
  return side
}

test('the client is whom the header names, for every request of the connection', async (t) => {
  const client = await (await start(t)).connect()
  client.send(header + get)
  await client.until('http 203.0.113.9.')
  client.received = ''
  client.send(get)
  await client.until('http 203.0.113.9.')
})

test('the header may come octet by octet', async (t) => {
  const client = await (await start(t)).connect()
  for (const octet of header + get) client.send(octet)
  await client.until('http 203.0.113.9.')
})

test('a balancer that speaks for itself is the client', async (t) => {
  const client = await (await start(t)).connect()
  client.send(local + get)
  await client.until('http 127.0.0.1.')
})

test('a trusted proxy behind the balancer is believed about its client', async (t) => {
  const client = await (await start(t, ['127.0.0.0/8', '203.0.113.0/24'])).connect()
  client.send(`${header}GET / HTTP/1.1\r\nHost: a.test\r\nX-Forwarded-For: 198.51.100.7\r\n\r\n`)
  await client.until('http 198.51.100.7.')
})

for (const [name, trusted, octets] of [
  ['that is not trusted', ['192.0.2.0/24'], header + get],
  ['that sends no header', ['127.0.0.0/8'], get],
  ['that sends a broken header', ['127.0.0.0/8'], `PROXY TCP4 203.0.113.9\r\n${get}`],
] as const)
  test(`a peer ${name} is closed unanswered`, async (t) => {
    const side = await start(t, [...trusted])
    const client = await side.connect()
    client.send(octets)
    assert.equal(await client.ended(), '')
    assert.deepEqual([side.exchanges.length, side.log.length], [0, 0])
  })

test('a balancer that says nothing, or ends before its header, is not waited for', async (t) => {
  const side = await start(t)
  const [silent, leaving] = [await side.connect(), await side.connect()]
  leaving.send('PROXY TC')
  leaving.socket.end()
  assert.equal(await leaving.ended(), '')
  await roundTrip()
  side.clock.advance(side.context.settings.clientHeadTimeout + 1_000)
  assert.equal(await silent.ended(), '')
})

async function startTls(t: TestContext): Promise<ClientSide> {
  const contexts = new TlsContexts()
  contexts.use(tlsTable([await makeTestCertificate('a', ['a.test'])], { 'a.test': ['a'] }, ['a']))
  return start(t, ['127.0.0.0/8'], contexts)
}

for (const together of [true, false])
  test(`before a handshake the header is read first, ${together ? 'with it in one piece' : 'and the handshake comes later'}`, async (t) => {
    const side = await startTls(t)
    const raw = connectPlain({ port: side.port, host: '127.0.0.1', noDelay: true })
    t.after(() => raw.destroy())
    await once(raw, 'connect')
    if (together) raw.cork()
    raw.write(header)
    if (!together) await roundTrip()
    const socket = connect({ socket: raw, servername: 'a.test', rejectUnauthorized: false })
    process.nextTick(() => raw.uncork())
    await once(socket, 'secureConnect')
    const client = new RawClient(socket)
    client.send(get)
    await client.until('https 203.0.113.9.')
    assert.equal(socket.getPeerCertificate().subject.CN, 'a')
  })

test('two connections of one port of a balancer do not mix up their clients', needsTwoAddresses, async (t) => {
  const sockets = await connectTwice(t, (await start(t)).port)
  const [introduced, own] = sockets.map((socket) => new RawClient(socket))
  introduced?.send(header + get)
  await introduced?.until('http 203.0.113.9.')
  own?.send(local + get)
  await own?.until('http 127.0.0.1.')
})

test('nor do they amid handshakes, when one of them is closed', needsTwoAddresses, async (t) => {
  const [first, second] = await connectTwice(t, (await startTls(t)).port)
  first.write(header)
  second.write(header.replace('203.0.113.9', '203.0.113.10'))
  await roundTrip()
  first.resetAndDestroy()
  await roundTrip()
  const socket = connect({ socket: second, servername: 'a.test', rejectUnauthorized: false })
  await once(socket, 'secureConnect')
  const client = new RawClient(socket)
  client.send(get)
  await client.until('https 203.0.113.10.')
})

test('an introduction ends with its connection, so that who comes later from the same port is another', async (t) => {
  const side = await start(t)
  const introductions = new Introductions(side.context, 'http')
  const server = createServer((socket) => introductions.meet(socket, () => socket.emit('met'))).listen(0, '127.0.0.1')
  t.after(() => server.close())
  await once(server, 'listening')
  const accepted = once(server, 'connection') as Promise<[Socket]>
  const client = await RawClient.connect((server.address() as AddressInfo).port)
  const [socket] = await accepted
  const met = once(socket, 'met')
  client.send(header)
  await met
  const { remoteAddress, remotePort, localAddress, localPort } = socket
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- all that names a connection
  const same = { remoteAddress, remotePort, localAddress, localPort } as Socket
  assert.equal(introductions.addressOf(same), '203.0.113.9')
  client.close()
  socket.resume()
  await once(socket, 'close')
  assert.equal(introductions.addressOf(same), undefined)
})
