import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'

import type { Exchange, Settings } from '../../src/model/index.ts'
import { Http1Connection } from '../../src/serve/http1-connection.ts'
import { ReadBuffers } from '../../src/serve/index.ts'
import { Transport } from '../../src/serve/transport.ts'
import { createContext, deaf, reply } from './client-side.ts'
import { FakeClock } from './fake-clock.ts'
import { plainClient } from './request-head.ts'

/** What a client's connection made of the octets that it was given. */
export interface Heard {
  /** In order. */
  readonly requests: readonly HeardRequest[]
  /** What it said, without 100: that one depends on whether the body is there already. */
  readonly said: string
  readonly end: 'open' | 'fin' | 'reset'
}

export interface HeardRequest {
  readonly method: string
  readonly target: string
  readonly lines: string
  body: string
  /** Undefined while the body has not come whole. */
  trailers: string | undefined
}

/** Octets around those of a piece, which are none of its own. */
const around = 2
const foreign = 'a'

/**
 * Gives octets to a connection of the program, in this very process: what is cut here does not grow together on its way, as
 * it may in a kernel. Every request is answered once its body is there. `cuts`: where the octets are cut. `fin`: the client
 * ends its side after them.
 */
export async function playConnection(
  octets: Buffer,
  cuts: readonly number[],
  { fin = false, settings = {} }: { readonly fin?: boolean; readonly settings?: Partial<Settings> } = {},
): Promise<Heard> {
  const requests: HeardRequest[] = []
  const socket = new WrittenSocket()
  const connection = openConnection(socket, settings, (exchange) => requests.push(hear(exchange)))
  let from = 0
  for (const to of [...cuts, octets.length]) {
    if (socket.destroyed) break
    give(connection, octets.subarray(from, to))
    from = to
    // Who waits for a microtask has his turn before the next piece; a turn of the loop would be dear.
    await Promise.resolve()
  }
  await untilCalm(requests)
  if (fin && !socket.destroyed) connection.ended()
  await untilCalm(requests)
  socket.destroy()
  const end = socket.wasReset ? 'reset' : socket.writableEnded ? 'fin' : 'open'
  return { requests, said: socket.written.replaceAll('HTTP/1.1 100 Continue\r\n\r\n', ''), end }
}

/** Requests that came together have a turn of the loop each. */
async function untilCalm(requests: readonly HeardRequest[]): Promise<void> {
  for (let before = -1; before < requests.length; await turn()) before = requests.length
}

/** A connection of the program on a stream that stands for its socket. */
export function openConnection(
  socket: Duplex,
  settings: Partial<Settings>,
  onExchange: (exchange: Exchange) => void,
  clock: FakeClock = new FakeClock(),
): Http1Connection {
  const buffers = new ReadBuffers(false)
  const shared = createContext(clock, settings, undefined, onExchange)
  const context = { ...shared, readBuffers: buffers, newRequestId: () => 'id', httpDate: () => 'now' }
  const connection = new Http1Connection(context, plainClient, () => undefined)
  connection.open(new Transport(socket as unknown as Socket, connection, buffers))
  return connection
}

/** In a buffer in which other octets stand before and after them. */
function give(connection: Http1Connection, piece: Buffer): void {
  if (piece.length === 0) return
  const room = Buffer.alloc(piece.length + 2 * around, foreign)
  room.set(piece, around)
  connection.data(room, around, around + piece.length)
}

function hear(exchange: Exchange): HeardRequest {
  const { method, target, lines } = exchange.request
  const heard: HeardRequest = { method, target, lines, body: '', trailers: undefined }
  exchange.attach(deaf)
  exchange.readBody({
    data: (bytes, start, end) => {
      heard.body += bytes.toString('latin1', start, end)
      return true
    },
    end: (trailers) => {
      heard.trailers = trailers
      reply(exchange, 'heard')
    },
  })
  return heard
}

/** Keeps what is written, and takes all of it. */
class WrittenSocket extends Duplex {
  written = ''
  wasReset = false

  override _read(): void {
    // Octets are given to the connection itself.
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.written += chunk.toString('latin1')
    done()
  }

  resetAndDestroy(): this {
    this.wasReset = true
    return this.destroy()
  }
}
