import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'

import type { Lender } from '../model/index.ts'
import { readInto, readOnInto, writeQueueOf } from './node-internals.ts'
import { SocketReader } from './read-buffers.ts'
import type { OctetTaker, ReadBuffers } from './read-buffers.ts'

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
  #flows = false
  /** Nothing is written any more. Kept here, as `full` is: the socket works both out anew whenever it is asked. */
  #over = false
  #full = false

  constructor(socket: Socket | TLSSocket, events: TransportEvents, buffers: ReadBuffers) {
    this.#socket = socket
    this.#events = events
    const reader = new SocketReader(buffers, this, (next) => readOnInto(socket, next))
    if (!buffers.forAccepted || !readInto(socket, reader))
      socket.on('data', (chunk: Buffer) => events.data(chunk, 0, chunk.length))
    this.resume()
    socket.on('end', () => events.ended())
    socket.on('drain', () => {
      this.#full = false
      events.drained()
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

  /** One char an octet. Answers false if the peer does not take more for now; the text is taken in any case. */
  writeText(text: string): boolean {
    return !this.#over && this.#note(this.#socket.write(text, 'latin1'))
  }

  /** Octets that are borrowed for the call alone are copied. */
  writeBytes(bytes: Buffer, start: number, end: number, lender?: Lender): boolean {
    return !this.#over && this.#note(writeOctets(this.#socket, bytes.subarray(start, end), lender))
  }

  #note(more: boolean): boolean {
    this.#full = !more
    return more
  }

  /** The peer takes no more for now. */
  get full(): boolean {
    return this.#full
  }

  /** Octets that the kernel has not taken yet, as a number that changes whenever it takes some. */
  get unsent(): number {
    return unsentOf(this.#socket)
  }

  /** Several writes until `uncork` leave together. */
  cork(): void {
    this.#socket.cork()
  }

  uncork(): void {
    this.#socket.uncork()
  }

  pause(): void {
    this.#flows = false
    this.#socket.pause()
  }

  resume(): void {
    if (this.#flows) return
    this.#flows = true
    this.#socket.resume()
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

/** What waits as a whole, until a write is complete, and what is left of the write under way. */
export function unsentOf(socket: Socket): number {
  return socket.writableLength + writeQueueOf(socket)
}

/** Writes octets from where they are if somebody lends them, otherwise a copy of them. */
export function writeOctets(socket: Socket, octets: Buffer, lender: Lender | undefined): boolean {
  return lender === undefined ? socket.write(Buffer.copyBytesFrom(octets)) : socket.write(octets, lender.lend())
}
