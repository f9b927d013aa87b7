import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'

import type { Lender } from '../model/index.ts'
import { writeDirectly, writeQueueOf, writingHandle } from './node-internals.ts'
import type { DirectWriter, WritingHandle } from './node-internals.ts'

/**
 * Writes to a connected socket, in order and with back-pressure. Text leaves directly as long as nothing waits in the
 * stream of the socket, which is nearly always; octets, and what is corked, go through the stream.
 */
export class SocketWriter implements DirectWriter {
  readonly #socket: Socket
  readonly #owner: { drained(): void }
  readonly #handle: WritingHandle | undefined
  /** Texts that the kernel has not taken whole. */
  #waiting = 0
  /** The stream may hold something. */
  #streams = false
  #full = false

  /** The owner hears when the peer takes octets again. With `direct`, text goes past the stream if it can. */
  constructor(socket: Socket, direct: boolean, owner: { drained(): void }) {
    this.#socket = socket
    this.#owner = owner
    this.#handle = direct && !(socket instanceof TLSSocket) ? writingHandle(socket) : undefined
    socket.on('drain', () => this.#noteDrained())
  }

  /** One char an octet. Answers false if the peer does not take more for now; the text is taken in any case. */
  writeText(text: string): boolean {
    if (this.#handle === undefined || this.#isStreaming()) return this.#stream(text)
    if (writeDirectly(this.#handle, text, this)) return !this.#full
    this.#waiting++
    this.#full = true
    return false
  }

  /** Octets that are borrowed for the call alone are copied; lent ones are written from where they are. */
  writeBytes(bytes: Buffer, start: number, end: number, lender?: Lender): boolean {
    const octets = bytes.subarray(start, end)
    this.#streams = true
    const more =
      lender === undefined
        ? this.#socket.write(Buffer.copyBytesFrom(octets))
        : this.#socket.write(octets, lender.lend())
    return this.#note(more)
  }

  /** The peer takes no more for now. */
  get full(): boolean {
    return this.#full
  }

  /** Nothing waits for the kernel. */
  get idle(): boolean {
    return this.#waiting === 0 && !this.#isStreaming()
  }

  /** Octets that the kernel has not taken yet, as a number that changes whenever it takes some. */
  get unsent(): number {
    return this.#socket.writableLength + writeQueueOf(this.#socket)
  }

  /** Several writes until `uncork` leave together. */
  cork(): void {
    this.#streams = true
    this.#socket.cork()
  }

  uncork(): void {
    this.#socket.uncork()
  }

  #stream(text: string): boolean {
    this.#streams = true
    return this.#note(this.#socket.write(text, 'latin1'))
  }

  /** What the stream holds leaves first. */
  #isStreaming(): boolean {
    this.#streams &&= this.#socket.writableLength > 0 || this.#socket.writableCorked > 0
    return this.#streams
  }

  #note(more: boolean): boolean {
    this.#full = !more || this.#waiting > 0
    return !this.#full
  }

  /** Called by the handle. */
  written(): void {
    this.#waiting--
    this.#noteDrained()
  }

  failed(): void {
    this.#socket.destroy()
  }

  #noteDrained(): void {
    if (this.#waiting > 0 || this.#socket.writableNeedDrain) return
    this.#full = false
    this.#owner.drained()
  }
}
