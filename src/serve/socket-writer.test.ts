import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { describe, it, test } from 'node:test'
import type { TestContext } from 'node:test'

import type { Lender } from '../model/index.ts'
import { readDirectly, writingHandle } from './node-internals.ts'
import { SocketWriter } from './socket-writer.ts'

const piece = 8 * 1024

interface Pair {
  readonly writer: SocketWriter
  readonly socket: Socket
  readonly peer: Socket
  /** How often the writer said that the peer takes octets again. */
  readonly drained: () => number
}

/** A writer, and a peer that reads nothing yet. */
async function openPair(t: TestContext, direct: boolean): Promise<Pair> {
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const accepted = once(server, 'connection')
  const socket = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', noDelay: true })
  const [[peer]] = (await Promise.all([accepted, once(socket, 'connect')])) as [[Socket], unknown]
  for (const side of [socket, peer]) side.on('error', () => side.destroy())
  t.after(() => {
    socket.destroy()
    peer.destroy()
    server.close()
  })
  let drained = 0
  const writer = new SocketWriter(socket, direct, { drained: () => drained++ })
  return { writer, socket, peer, drained: () => drained }
}

/** All that comes until the end. */
async function readAll(peer: Socket): Promise<string> {
  let text = ''
  peer.setEncoding('latin1').on('data', (part: string) => (text += part))
  peer.resume()
  await once(peer, 'end')
  return text
}

/** Texts, each of another letter, until the peer takes no more. */
function fill(writer: SocketWriter): string {
  let text = ''
  for (let at = 0; !writer.full && at < 10_000; at++) {
    const part = String.fromCodePoint(97 + (at % 26)).repeat(piece)
    text += part
    writer.writeText(part)
  }
  return text
}

for (const [way, direct] of [
  ['past the stream', true],
  ['by the public API of Node alone', false],
] as const)
  describe(`SocketWriter, ${way}`, () => {
    it('writes texts and octets in order, corked or not, also to a peer that takes nothing for a while', async (t) => {
      const { writer, socket, peer, drained } = await openPair(t, direct)
      let sent = fill(writer)
      assert.ok(writer.unsent > 0)
      for (const round of ['1', '2', '3']) {
        writer.writeText(`<${round}`)
        writer.writeBytes(Buffer.from(`[${round}]`), 0, 3)
        writer.cork()
        writer.writeText('corked ')
        writer.writeBytes(Buffer.from('xoctetsx'), 1, 7)
        writer.uncork()
        assert.equal(writer.writeText('>'), false)
        sent += `<${round}[${round}]corked octets>`
      }
      const received = readAll(peer)
      while (writer.full) await new Promise(setImmediate)
      assert.ok(drained() >= 1)
      assert.equal(writer.writeText('small'), true)
      socket.end()
      assert.equal(await received, `${sent}small`)
      assert.equal(writer.unsent, 0)
    })

    it('says once that the peer takes octets again, when all of them have left', async (t) => {
      const { writer, peer, drained } = await openPair(t, direct)
      fill(writer)
      for (const text of ['more', 'and more']) assert.equal(writer.writeText(text), false)
      peer.resume()
      while (drained() === 0) await new Promise(setImmediate)
      assert.equal(writer.unsent, 0)
      assert.equal(writer.full, false)
      await new Promise(setImmediate)
      assert.equal(drained(), 1)
    })

    it('lets go of nothing that is corked', async (t) => {
      const { writer, socket, peer } = await openPair(t, direct)
      writer.cork()
      writer.writeText('head')
      assert.equal(writer.unsent, 4)
      writer.uncork()
      socket.end()
      assert.equal(await readAll(peer), 'head')
    })

    it('is taken whole by a peer that reads only after the end was written', async (t) => {
      const { writer, socket, peer } = await openPair(t, direct)
      const sent = fill(writer)
      socket.end()
      assert.equal(await readAll(peer), sent)
    })

    it('copies octets that are borrowed for the call, and gives lent ones back once they have left', async (t) => {
      const { writer, socket, peer } = await openPair(t, direct)
      const sent = fill(writer)
      const borrowed = Buffer.from('borrowed')
      let given = 0
      const lender: Lender = { lend: () => () => given++ }
      writer.writeBytes(borrowed, 0, borrowed.length)
      writer.writeBytes(Buffer.from('lent'), 0, 4, lender)
      borrowed.fill('x')
      assert.equal(given, 0)
      socket.end()
      assert.equal(await readAll(peer), `${sent}borrowedlent`)
      assert.equal(given, 1)
    })

    it('closes the socket when the peer resets while text waits, and says nothing of a peer that takes again', async (t) => {
      const { writer, socket, peer, drained } = await openPair(t, direct)
      fill(writer)
      peer.resetAndDestroy()
      await new Promise((resolve) => socket.once('close', resolve))
      assert.equal(drained(), 0)
      writer.writeText('too late')
      assert.equal(socket.destroyed, true)
    })
  })

test('this version of Node offers what is used past its public API', async (t) => {
  const { socket } = await openPair(t, true)
  assert.notEqual(writingHandle(socket), undefined)
  assert.equal(readDirectly(socket, { buffer: Buffer.alloc(8), read: () => true }), true)
})
