import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect as connectTcp } from 'node:net'
import type { Socket } from 'node:net'
import { duplexPair } from 'node:stream'
import type { Duplex } from 'node:stream'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { connect } from 'node:tls'
import type { ConnectionOptions, TLSSocket } from 'node:tls'

import { makeTestCertificate, tlsTable } from '../../test/support/certificates.ts'
import { deaf, reply, responseHead, startClientSide } from '../../test/support/client-side.ts'
import type { ClientSide } from '../../test/support/client-side.ts'
import { RawClient, roundTrip } from '../../test/support/raw-client.ts'
import { portion, SlowReader } from '../../test/support/slow-reader.ts'
import { weakPair } from '../../test/support/weak-certificates.ts'
import { untilClose } from '../http/index.ts'
import type { Exchange, RouteTable, Settings } from '../model/index.ts'
import { TlsContexts } from './tls-contexts.ts'

const request = 'GET / HTTP/1.1\r\nHost: a.test\r\n\r\n'

const [a, aRsa, wild, fallback, fallbackRsa, next] = await Promise.all([
  makeTestCertificate('a', ['a.test']),
  makeTestCertificate('a-rsa', ['a.test'], 'rsa'),
  makeTestCertificate('wild', ['*.b.test']),
  makeTestCertificate('fallback', ['default.test']),
  makeTestCertificate('fallback-rsa', ['default.test'], 'rsa'),
  makeTestCertificate('next', ['a.test']),
])
const table = tlsTable(
  [a, aRsa, wild, fallback, fallbackRsa],
  { 'a.test': ['a', 'a-rsa'], '*.b.test': { certificates: ['wild'], policy: 'mutual' } },
  ['fallback', 'fallback-rsa'],
)

interface TlsSide extends ClientSide {
  readonly contexts: TlsContexts
  use(table: RouteTable): void
  handshake(options?: ConnectionOptions): Promise<TLSSocket>
}

async function start(
  t: TestContext,
  onExchange: (exchange: Exchange) => void = hello,
  settings: Partial<Settings> = {},
): Promise<TlsSide> {
  const contexts = new TlsContexts()
  contexts.use(table)
  const side = await startClientSide(onExchange, { tls: contexts, settings })
  const sockets: TLSSocket[] = []
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    side.close()
  })
  const handshake = async (options: ConnectionOptions = {}): Promise<TLSSocket> => {
    const socket = connect({ host: '127.0.0.1', port: side.port, rejectUnauthorized: false, ...options })
    sockets.push(socket)
    await once(socket, 'secureConnect')
    return socket
  }
  const use = (used: RouteTable): void => {
    contexts.use(used)
    side.listener.useDefault(contexts)
  }
  return { ...side, contexts, use, handshake }
}

const hello = (exchange: Exchange): void => reply(exchange, 'hello')
const shown = (socket: TLSSocket): string => String(socket.getPeerCertificate().subject.CN)

async function exchangeOver(socket: TLSSocket): Promise<string> {
  const client = new RawClient(socket)
  client.send(request)
  return client.until('hello')
}

// Which certificate, which policy

const names: [name: string, certificate: string, sni: string | undefined, policy: string][] = [
  ['a.test', 'a', 'a.test', 'default'],
  ['A.TEST', 'a', 'a.test', 'default'],
  ['x.b.test', 'wild', 'x.b.test', 'mutual'],
  ['X.B.Test', 'wild', 'x.b.test', 'mutual'],
  ['y.x.b.test', 'fallback', 'y.x.b.test', 'default'],
  ['b.test', 'fallback', 'b.test', 'default'],
  ['unknown.test', 'fallback', 'unknown.test', 'default'],
  ['a.test.', 'fallback', undefined, 'default'],
  ['', 'fallback', undefined, 'default'],
]
for (const [servername, certificate, sni, policy] of names) {
  test(`the name '${servername}' is shown ${certificate}, under the policy ${policy}`, async (t) => {
    const side = await start(t)
    const socket = await side.handshake({ servername })
    assert.equal(shown(socket), certificate)
    await exchangeOver(socket)
    assert.deepEqual(side.exchanges[0]?.client, { address: '127.0.0.1', scheme: 'https', sni, policy })
  })
}

for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const)
  for (const servername of ['a.test', ''])
    for (const [sigalgs, suffix] of [
      ['ECDSA+SHA256', ''],
      ['RSA-PSS+SHA256:RSA+SHA256', '-rsa'],
      ['ECDSA+SHA256:RSA-PSS+SHA256:RSA+SHA256', ''],
    ] as const) {
      const from = servername === '' ? 'without a name' : `for ${servername}`
      test(`${maxVersion} ${from}: a client of ${sigalgs} can verify what it is shown`, async (t) => {
        const side = await start(t)
        const socket = await side.handshake({ servername, sigalgs, maxVersion })
        assert.equal(shown(socket), `${servername === '' ? 'fallback' : 'a'}${suffix}`)
        assert.equal(socket.getProtocol(), maxVersion)
      })
    }

test('a new table shows its certificates to new handshakes, with a name and without; open connections go on', async (t) => {
  const side = await start(t)
  const old = await side.handshake({ servername: 'a.test' })
  side.use(tlsTable([next, aRsa], { 'a.test': ['next'] }, ['a-rsa']))
  assert.equal(shown(await side.handshake({ servername: 'a.test' })), 'next')
  assert.equal(shown(await side.handshake({})), 'a-rsa')
  assert.equal(shown(await side.handshake({ servername: 'x.b.test' })), 'a-rsa')
  assert.match(await exchangeOver(old), /hello$/)
})

// What is spoken

const refused: [what: string, options: ConnectionOptions][] = [
  ['TLS 1.1', { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' }],
  ['a cipher without AEAD', { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-SHA256' }],
  ['a key exchange without forward secrecy', { maxVersion: 'TLSv1.2', ciphers: 'AES128-GCM-SHA256' }],
  ['h2 alone', { ALPNProtocols: ['h2'] }],
]
for (const [what, options] of refused) {
  test(`${what} is refused`, async (t) => {
    const side = await start(t)
    await assert.rejects(side.handshake({ servername: 'a.test', ...options }))
    assert.equal(shown(await side.handshake({ servername: 'a.test' })), 'a')
  })
}

test('http/1.1 is chosen of what a client offers', async (t) => {
  const side = await start(t)
  const socket = await side.handshake({ ALPNProtocols: ['h2', 'http/1.1'] })
  assert.equal(socket.alpnProtocol, 'http/1.1')
})

test('a client cannot negotiate anew', async (t) => {
  const side = await start(t)
  const socket = await side.handshake({ maxVersion: 'TLSv1.2' })
  const outcome = await new Promise((resolve) => {
    socket.renegotiate({ rejectUnauthorized: false }, resolve)
    socket.on('error', resolve)
    socket.on('close', resolve)
  })
  assert.notEqual(outcome, null, 'the server took part')
})

// Tickets

/** Shakes hands, and answers with what a later handshake can resume by. */
async function ticketOf(side: TlsSide, options: ConnectionOptions): Promise<Buffer> {
  const socket = await side.handshake(options)
  await exchangeOver(socket)
  const ticket = socket.getSession()
  assert.ok(ticket !== undefined)
  return ticket
}

async function isResumed(side: TlsSide, options: ConnectionOptions, session: Buffer): Promise<boolean> {
  const socket = await side.handshake({ ...options, session })
  await exchangeOver(socket)
  return socket.isSessionReused()
}

for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const)
  for (const servername of ['a.test', '']) {
    const options = { maxVersion, servername }
    test(`${maxVersion} ${servername}: a ticket is good at every listener of the same keys, other tables notwithstanding`, async (t) => {
      const [one, two, other] = [await start(t), await start(t), await start(t)]
      for (const side of [one, two]) side.listener.setTicketKeys(Buffer.alloc(48, 1))
      other.listener.setTicketKeys(Buffer.alloc(48, 2))
      one.use(table)
      const ticket = await ticketOf(one, options)
      assert.equal(await isResumed(one, options, ticket), true)
      assert.equal(await isResumed(two, options, ticket), true)
      two.use(table)
      assert.equal(await isResumed(two, options, ticket), true)
      assert.equal(await isResumed(other, options, ticket), false)
    })
  }

test('a resumed connection has the policy of the name that it asks for', async (t) => {
  const side = await start(t)
  for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
    const ticket = await ticketOf(side, { servername: 'a.test', maxVersion })
    await isResumed(side, { servername: 'x.b.test', maxVersion }, ticket)
    assert.equal(side.exchanges.at(-1)?.client.policy, 'mutual', maxVersion)
  }
})

// Hostile handshakes

/** A wire to the server that a test looks at, or holds up, between a client and its socket. */
async function openWire(t: TestContext, { port }: TlsSide): Promise<{ client: Duplex; wire: Duplex; server: Socket }> {
  const [client, wire] = duplexPair()
  const server = connectTcp({ port, host: '127.0.0.1', noDelay: true })
  t.after(() => server.destroy())
  await once(server, 'connect')
  return { client, wire, server }
}

test('a ClientHello may come octet by octet', async (t) => {
  const side = await start(t)
  const { client, wire, server } = await openWire(t, side)
  wire.on('data', (bytes: Buffer) => {
    for (const octet of bytes) server.write(Buffer.of(octet))
  })
  server.pipe(wire)
  const socket = connect({ socket: client, servername: 'a.test', rejectUnauthorized: false })
  await once(socket, 'secureConnect')
  assert.equal(shown(socket), 'a')
  assert.match(await exchangeOver(socket), /hello$/)
})

test('a ClientHello may end, or be reset, after any octet, and its connection is gone at once', async (t) => {
  const side = await start(t, hello, { handshakeTimeout: 3_600_000 })
  const [client, wire] = duplexPair()
  connect({ socket: client, servername: 'a.test' }).on('error', () => undefined)
  const [greeting] = (await once(wire, 'data')) as [Buffer]
  const cut = async (length: number): Promise<void> => {
    const { socket } = await side.connect()
    socket.write(greeting.subarray(0, length))
    if (length % 2 === 0) socket.end()
    else socket.resetAndDestroy()
    if (!socket.destroyed) await once(socket.resume(), 'close')
  }
  for (let from = 0; from < greeting.length; from += 400) {
    const lengths = Array.from({ length: Math.min(400, greeting.length - from) }, (_, at) => from + at)
    await Promise.all(lengths.map(cut))
  }
  assert.match(await exchangeOver(await side.handshake({ servername: 'a.test' })), /hello$/)
  assert.deepEqual([side.listener.connections, side.listener.open], [1, 1])
})

test('what is no handshake is closed, and nobody else notices', async (t) => {
  const side = await start(t, hello, { handshakeTimeout: 200 })
  for (const hostile of [
    request,
    '\u0016\u0003\u0001\u00ff\u00ff',
    '\u0016\u0003\u0001\u0000\u0000',
    '\u0000'.repeat(70_000),
  ]) {
    const client = await side.connect()
    client.send(hostile)
    client.socket.end()
    await client.ended()
  }
  assert.equal(shown(await side.handshake({ servername: 'a.test' })), 'a')
  assert.equal(side.exchanges.length, 0)
})

for (const servername of ['\u00e4.test', 'a'.repeat(255), 'a\u0000.test', '*.b.test', '__proto__', '127.0.0.1', ' ']) {
  test(`the name ${JSON.stringify(servername.slice(0, 12))} ends no process`, async (t) => {
    const side = await start(t)
    await side.handshake({ servername }).catch(() => undefined)
    assert.equal(shown(await side.handshake({ servername: 'a.test' })), 'a')
  })
}

test('the default is shown, and nothing else changes, where a certificate cannot be read', async (t) => {
  const side = await start(t)
  side.contexts.use(tlsTable([{ ...a, key: 'no key' }, wild], { 'a.test': ['a'], '*.b.test': ['wild'] }, ['wild']))
  assert.equal(shown(await side.handshake({ servername: 'a.test' })), 'wild')
  assert.equal(shown(await side.handshake({ servername: 'x.b.test' })), 'wild')
})

test('the former default stays where OpenSSL does not take the new one, which is said once', async (t) => {
  const side = await start(t)
  side.use(table)
  const weak = tlsTable([a, { ...next, ...weakPair }], { 'a.test': ['a'] }, ['next'])
  assert.throws(() => side.use(weak), { code: 'ERR_SSL_EE_KEY_TOO_SMALL' })
  side.use(weak)
  for (const servername of ['', 'unknown.test']) assert.equal(shown(await side.handshake({ servername })), 'fallback')
  assert.equal(shown(await side.handshake({ servername: 'a.test' })), 'a')
})

test('a handshake that does not go on is cut', async (t) => {
  const side = await start(t, hello, { handshakeTimeout: 20 })
  const client = await side.connect()
  client.send('\u0016\u0003\u0001')
  await client.ended()
})

test('destroy() ends handshakes too', async (t) => {
  const side = await start(t)
  const client = await side.connect()
  client.send('\u0016\u0003\u0001')
  await roundTrip()
  const drained = side.listener.drain()
  side.listener.stopAccepting()
  side.listener.destroy()
  await drained
})

// The end of an answer

/** The types of the records in what a TLS 1.2 server sent. */
function recordTypes(bytes: Buffer): number[] {
  const types: number[] = []
  for (let at = 0; at + 5 <= bytes.length; at += 5 + bytes.readUInt16BE(at + 3)) types.push(bytes.readUInt8(at))
  return types
}
const [alert, applicationData] = [21, 23]

test('a client that is slow to take an answer is not cut before it stands still', async (t) => {
  const size = 4 * portion
  const side = await start(t, (exchange) => {
    exchange.attach(deaf)
    exchange.writeHead(responseHead(200, size))
    exchange.writeBody(Buffer.alloc(size), 0, size)
  })
  const socket = await side.handshake()
  const reader = new SlowReader(socket)
  socket.write(request)
  for (const enough of [portion, 2 * portion]) {
    await reader.take(enough)
    side.clock.advance(59_000)
    assert.equal(side.listener.connections, 1)
  }
  side.clock.advance(16_500)
  await roundTrip()
  assert.equal(side.listener.connections, 0)
})

for (const cut of [true, false]) {
  test(`an answer that ${cut ? 'was cut has no goodbye' : 'is whole ends with a goodbye'}`, async (t) => {
    const side = await start(t, (exchange) => {
      exchange.attach(deaf)
      exchange.writeHead(responseHead(200, untilClose))
      exchange.writeBody(Buffer.from('hello'), 0, 5)
      exchange.flush()
      setImmediate(() => (cut ? exchange.abort() : exchange.endBody('')))
    })
    const { client, wire, server } = await openWire(t, side)
    const seen: Buffer[] = []
    server.on('data', (bytes: Buffer) => seen.push(bytes)).pipe(wire)
    wire.pipe(server)
    const socket = connect({ socket: client, maxVersion: 'TLSv1.2', rejectUnauthorized: false })
    socket.on('error', () => undefined)
    await once(socket, 'secureConnect')
    socket.write('GET / HTTP/1.0\r\nHost: a\r\n\r\n')
    await once(server, 'close')
    const types = recordTypes(Buffer.concat(seen))
    assert.ok(types.includes(applicationData))
    assert.equal(types.includes(alert), !cut)
  })
}
