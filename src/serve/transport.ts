import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'

export interface TransportEvents {
  /** Octets have come; they are borrowed for the call. */
  data(bytes: Buffer, start: number, end: number): void
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
export class Transport {
  readonly #socket: Socket | TLSSocket

  constructor(socket: Socket | TLSSocket, events: TransportEvents) {
    this.#socket = socket
    socket.on('data', (chunk: Buffer) => events.data(chunk, 0, chunk.length))
    socket.on('end', () => events.ended())
    socket.on('drain', () => events.drained())
    socket.on('error', () => socket.destroy())
    socket.on('close', () => events.closed())
  }

  /** One char an octet. Answers false if the peer does not take more for now; the text is taken in any case. */
  writeText(text: string): boolean {
    return this.#socket.writable && this.#socket.write(text, 'latin1')
  }

  /** The octets are copied, since they are borrowed. */
  writeBytes(bytes: Buffer, start: number, end: number): boolean {
    return this.#socket.writable && this.#socket.write(Buffer.copyBytesFrom(bytes, start, end - start))
  }

  /** Several writes until `uncork` leave together. */
  cork(): void {
    this.#socket.cork()
  }

  uncork(): void {
    this.#socket.uncork()
  }

  /** Octets that the peer has not taken yet. */
  get waiting(): number {
    return this.#socket.writableLength
  }

  get full(): boolean {
    return this.#socket.writableNeedDrain
  }

  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  /** Half-close: what was written still leaves. `flushed` is called when it has, or never will. */
  end(flushed: () => void = () => undefined): void {
    this.#socket.end(flushed)
  }

  destroy(): void {
    this.#socket.destroy()
  }

  /** Ends so that the peer cannot take what it got for complete: a reset, or TLS without its goodbye. */
  reset(): void {
    if (this.#socket instanceof TLSSocket) this.#socket.destroy()
    else this.#socket.resetAndDestroy()
  }

  get destroyed(): boolean {
    return this.#socket.destroyed
  }
}
