import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'

import type { Lender } from '../model/index.ts'
import { readDirectly } from './node-internals.ts'
import type { ReadBuffers } from './read-buffers.ts'
import { SocketReader } from './socket-reader.ts'
import type { OctetTaker } from './socket-reader.ts'
import { SocketWriter } from './socket-writer.ts'

export interface TransportEvents {
  /** Octets have come; they are borrowed for the call, or from the lender. */
  data(bytes: Buffer, start: number, end: number, lender?: Lender): void
  /** The peer has sent all that it will. */
  ended(): void
  drained(): void
  /** Nothing more will happen. */
  closed(): void
}

/**
 * A connection as the protocols see it: octets in, text or octets out, with back-pressure. What is beneath it may be a
 * plain or a TLS socket; another transport can follow.
 */
export class Transport implements OctetTaker {
  readonly #socket: Socket | TLSSocket
  readonly #events: TransportEvents
  readonly #writer: SocketWriter
  readonly #reader: SocketReader
  #flows = false
  /** Nothing is written any more. Kept here: the socket works it out anew whenever it is asked. */
  #over = false

  constructor(socket: Socket | TLSSocket, events: TransportEvents, buffers: ReadBuffers) {
    this.#socket = socket
    this.#events = events
    this.#writer = new SocketWriter(socket, buffers.direct, events)
    const reader = (this.#reader = new SocketReader(buffers, this))
    reader.from(socket)
    reader.changes = buffers.direct && readDirectly(socket, reader)
    if (!reader.changes) socket.on('data', (chunk: Buffer) => events.data(chunk, 0, chunk.length))
    this.resume()
    socket.on('end', () => {
      reader.end()
      events.ended()
    })
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      reader.close()
      events.closed()
    })
  }

  /** Called by the reader. */
  take(bytes: Buffer, end: number, lender: Lender | undefined): boolean {
    this.#events.data(bytes, 0, end, lender)
    return this.#flows
  }

  writeText(text: string): boolean {
    return !this.#over && this.#writer.writeText(text)
  }

  writeBytes(bytes: Buffer, start: number, end: number, lender?: Lender): boolean {
    return !this.#over && this.#writer.writeBytes(bytes, start, end, lender)
  }

  get full(): boolean {
    return this.#writer.full
  }

  get unsent(): number {
    return this.#writer.unsent
  }

  /** Calls back in a later turn of the loop, when all that was written has left, or never will. */
  afterWrites(done: () => void): void {
    if (this.unsent === 0) setImmediate(done)
    else this.#socket.write('', done)
  }

  cork(): void {
    this.#writer.cork()
  }

  uncork(): void {
    this.#writer.uncork()
  }

  pause(): void {
    this.#flows = false
    this.#reader.pause()
  }

  resume(): void {
    if (this.#flows) return
    this.#flows = true
    this.#reader.resume()
  }

  /** Half-close: what was written still leaves. `flushed` is called when it has, or never will. */
  end(flushed: () => void = () => undefined): void {
    this.#over = true
    this.#socket.end(flushed)
  }

  destroy(): void {
    this.#over = true
    this.#socket.destroy()
  }

  /** Ends so that the peer cannot take what it got for complete: a reset, or TLS without its goodbye. */
  reset(): void {
    this.#over = true
    if (this.#socket instanceof TLSSocket) this.#socket.destroy()
    else this.#socket.resetAndDestroy()
  }
}
