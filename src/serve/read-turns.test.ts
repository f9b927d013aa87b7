import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { connect as connectTls } from 'node:tls'

import { makeTestCertificate, tlsTable } from '../../test/support/certificates.ts'
import { replyWithBody, startClientSide } from '../../test/support/client-side.ts'
import { startDataPlane } from '../../test/support/data-plane.ts'
import { RawClient, roundTrip } from '../../test/support/raw-client.ts'
import { ReadBuffers } from './read-buffers.ts'
import { ReadTurns } from './read-turns.ts'
import type { TurnTaker } from './read-turns.ts'
import { TlsContexts } from './tls-contexts.ts'

const large = 64 * 1024

/** Turns that a test ends, on a clock that it moves. */
function createTurns(): { turns: ReadTurns; pass: (ms: number) => void; end: () => void; pending: () => number } {
  let now = 0
  const next: (() => void)[] = []
  const turns = new ReadTurns(
    () => now,
    (begin) => next.push(begin),
  )
  const end = (): void => {
    for (const begin of next.splice(0)) begin()
  }
  return { turns, pass: (ms) => (now += ms), end, pending: () => next.length }
}

const noteTo = (called: number[], id: number): TurnTaker => ({ readOn: () => void called.push(id) })

describe('ReadTurns', () => {
  it('lets large reads have a part of each turn, and then has them wait', () => {
    const { turns, pass, end } = createTurns()
    const taker = noteTo([], 0)
    assert.equal(turns.mustWait(taker, large), false)
    pass(4)
    assert.equal(turns.mustWait(taker, large), false)
    pass(1)
    assert.equal(turns.mustWait(taker, large), true)
    turns.leave(taker)
    end()
    assert.equal(turns.mustWait(taker, large), false, 'the next turn has a share of its own')
  })

  it('lets heads and small bodies pass at any time, and asks for no turn for them', () => {
    const { turns, pass, pending } = createTurns()
    const taker = noteTo([], 0)
    assert.equal(turns.mustWait(taker, 8 * 1024 - 1), false)
    assert.equal(pending(), 0)
    turns.mustWait(taker, large)
    pass(100)
    assert.equal(turns.mustWait(taker, 8 * 1024 - 1), false)
  })

  it('calls those who wait, first come, first served, until the share of the turn is used up', () => {
    const { turns, pass, end, pending } = createTurns()
    const called: number[] = []
    turns.mustWait(noteTo([], 0), large)
    pass(5)
    const slow = (id: number): TurnTaker => ({ readOn: () => pass(called.push(id) > 0 ? 3 : 0) })
    for (let id = 1; id <= 3; id++) assert.ok(turns.mustWait(slow(id), large))
    assert.deepEqual(called, [])
    end()
    assert.deepEqual(called, [1, 2])
    end()
    assert.deepEqual(called, [1, 2, 3])
    end()
    assert.equal(pending(), 0)
  })

  it('calls few in a turn, who may read on, while nobody overtakes the others', () => {
    const { turns, pass, end } = createTurns()
    const called: number[] = []
    turns.mustWait(noteTo([], 0), large)
    pass(5)
    const takers = Array.from({ length: 6 }, (_, id) => noteTo(called, id))
    for (const taker of takers) turns.mustWait(taker, large)
    end()
    assert.deepEqual(called, [0, 1, 2, 3])
    const [first] = takers
    assert.ok(first !== undefined && !turns.mustWait(first, large))
    assert.ok(turns.mustWait(noteTo(called, 6), large))
    end()
    assert.deepEqual(called, [0, 1, 2, 3, 4, 5, 6])
  })

  it('does what one of them leaves for a microtask before it calls the next', async () => {
    let now = 0
    const turns = new ReadTurns(() => (now += 1))
    const heard: string[] = []
    turns.mustWait(noteTo([], 0), large)
    turns.enter({
      readOn: () => {
        heard.push('one')
        queueMicrotask(() => heard.push('its microtask'))
      },
    })
    const other = new Promise<void>((resolve) => {
      turns.enter({
        readOn: () => {
          heard.push('other')
          resolve()
        },
      })
    })
    await other
    assert.deepEqual(heard, ['one', 'its microtask', 'other'])
  })

  it('calls nobody who has left', () => {
    const { turns, pass, end } = createTurns()
    const called: number[] = []
    const [one, other] = [noteTo(called, 1), noteTo(called, 2)]
    turns.mustWait(one, large)
    pass(5)
    for (const taker of [one, other]) turns.mustWait(taker, large)
    turns.leave(one)
    end()
    assert.deepEqual(called, [2])
  })
})

/** Time passes with each look at it; turns come when they come. */
function tiredBuffers(nextTurn?: (begin: () => void) => void): ReadBuffers {
  let now = 0
  return new ReadBuffers(true, new ReadTurns(() => (now += 100), nextTurn))
}

describe('a data plane whose turns are used up at once', () => {
  const size = 4 * 1024 * 1024

  it('carries large bodies both ways, whole and in order', async (t) => {
    const { client, upstream: accepted } = await startDataPlane(t, [], tiredBuffers())
    const body = Array.from({ length: size / 8 }, (_, at) => at.toString(16).padStart(8, '0')).join('')
    client.send(`PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: ${size}\r\n\r\n${body}`)
    const upstream = await accepted
    await upstream.until('\r\n\r\n')
    await upstream.until(({ length }) => length >= size + upstream.received.indexOf('\r\n\r\n') + 4)
    assert.ok(upstream.received.endsWith(`\r\n\r\n${body}`))
    upstream.send(`HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n${body}`)
    await client.until(({ length }) => length >= size)
    await client.until((received) => received.endsWith(body))
  })

  it('puts no request on a connection to an upstream on which octets wait that nobody asked for', async (t) => {
    const turns: (() => void)[] = []
    const buffers = tiredBuffers((begin) => turns.push(begin))
    const { client, upstream: accepted, connections } = await startDataPlane(t, [], buffers)
    const get = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
    client.send(get)
    const upstream = await accepted
    await upstream.until('\r\n\r\n')
    upstream.send('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
    await client.until('ok')
    buffers.turns.mustWait(noteTo([], 0), large)
    upstream.send(`HTTP/1.1 200 OK\r\nContent-Length: 20000\r\n\r\n${'x'.repeat(20_000)}`)
    await roundTrip()
    client.send(get)
    await roundTrip()
    assert.equal(connections(), 2)
  })

  it('serves others while those who send much wait, and goes on with these in a later turn', async (t) => {
    const turns: (() => void)[] = []
    const plane = await startDataPlane(
      t,
      [],
      tiredBuffers((begin) => turns.push(begin)),
    )
    const { client, upstream: accepted } = plane
    client.send(`PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: ${size}\r\n\r\n`)
    const upstream = await accepted
    await upstream.until('\r\n\r\n')
    client.send('x'.repeat(size))
    while (turns.length === 0) await roundTrip()
    await roundTrip()
    assert.ok(upstream.received.length < size, 'it waits')
    const other = await plane.connect()
    other.send('GET / HTTP/1.1\r\n\r\n')
    assert.match(await other.until('\r\n\r\n'), /^HTTP\/1\.1 400 /)
    while (!upstream.received.endsWith('x'.repeat(size))) {
      for (const begin of turns.splice(0)) begin()
      await roundTrip()
    }
  })

  it('takes a large body over TLS whole and in order, and then the end', async (t) => {
    const tls = new TlsContexts()
    const certificate = await makeTestCertificate('a', ['a.test'])
    tls.use(tlsTable([certificate], { 'a.test': ['a'] }, ['a']))
    const side = await startClientSide(replyWithBody, { tls, readBuffers: tiredBuffers() })
    t.after(() => side.close())
    const client = new RawClient(connectTls({ host: '127.0.0.1', port: side.port, rejectUnauthorized: false }))
    t.after(() => client.close())
    const body = Array.from({ length: 128 * 1024 }, (_, at) => at.toString(16).padStart(8, '0')).join('')
    client.send(`PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
    client.socket.end()
    assert.ok((await client.ended()).endsWith(`\r\n\r\n${body}|`))
  })
})
