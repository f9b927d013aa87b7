import type { Socket } from 'node:net'

import type { Lender } from '../model/index.ts'
import type { DirectReader } from './node-internals.ts'
import type { ReadBuffer, ReadBuffers } from './read-buffers.ts'
import type { TurnTaker } from './read-turns.ts'

/** A read that nearly fills a buffer is part of a large body; what is less is copied, so that no buffer waits for little. */
const large = 56 * 1024
/** After so many reads that are not, large bodies are over for this socket. */
const patience = 4

/** Whoever reads from a socket. */
export interface OctetTaker {
  /**
   * Octets have come: `bytes` from 0 to `end`, valid for the call, or longer where there is a lender. Answers false if
   * no more should come for now.
   */
  take(bytes: Buffer, end: number, lender: Lender | undefined): boolean
}

/** Octets that were read when the turn was used up. */
interface Late {
  readonly buffer: ReadBuffer
  length: number
}

/** Reads from one socket: chooses the buffer for each read, and waits where others have a right to the turn. */
export class SocketReader implements DirectReader, TurnTaker {
  readonly #buffers: ReadBuffers
  readonly #taker: OctetTaker
  /** Whether the socket reads on into another buffer when there is one; else all is read into the shared one. */
  changes = false
  #current: ReadBuffer
  /** How many of the next reads may be small before large bodies count as over. */
  #patience = 0
  #socket: Socket | undefined
  /** Whether octets are wanted. */
  #wanted = true
  readonly #late: Late[] = []

  constructor(buffers: ReadBuffers, taker: OctetTaker) {
    this.#buffers = buffers
    this.#taker = taker
    this.#current = buffers.shared
  }

  get buffer(): Uint8Array {
    return this.#current.bytes
  }

  read(length: number): boolean {
    if (this.isLate) this.#append(length)
    else if (this.#buffers.turns.mustWait(this, length)) this.#putOff(length)
    else return this.#handOnNow(length)
    return false
  }

  #handOnNow(length: number): boolean {
    const more =
      length < large ? this.#handOn(this.#current.bytes, length, undefined) : this.#handOnLarge(this.#current, length)
    // A peer that is made to wait may wait for long: for it no buffer is kept.
    const own = more && this.#patience > 0
    const isOwn = this.#current !== this.#buffers.shared
    if ((own ? !isOwn || this.#current.isLent : isOwn) && this.changes) this.#change(own)
    return more
  }

  /** From a buffer out of which they can be written. */
  #handOnLarge(current: ReadBuffer, length: number): boolean {
    if (current !== this.#buffers.shared) return this.#handOn(current.bytes, length, current)
    const copy = this.#buffers.copyOf(current.bytes, length)
    const more = this.#handOn(copy.bytes, length, copy)
    copy.leave()
    return more
  }

  #handOn(bytes: Buffer, length: number, lender: ReadBuffer | undefined): boolean {
    const more = this.#taker.take(bytes, length, lender)
    if (length >= large) this.#patience = patience
    else if (this.#patience > 0) this.#patience--
    return (this.#wanted = more)
  }

  /** What follows is read into the shared buffer, also by a TLS socket, which goes on for a while when it is told to stop. */
  #putOff(length: number): void {
    const current = this.#current
    const isOwn = current !== this.#buffers.shared
    this.#late.push({ buffer: isOwn ? current : this.#buffers.copyOf(current.bytes, length), length })
    this.#current = this.#buffers.shared
  }

  #append(length: number): void {
    const { bytes } = this.#current
    const last = this.#late.at(-1)
    if (last === undefined || last.length + length > last.buffer.bytes.length)
      return void this.#late.push({ buffer: this.#buffers.copyOf(bytes, length), length })
    bytes.copy(last.buffer.bytes, last.length, 0, length)
    last.length += length
  }

  /** What it has been made to read from. */
  from(socket: Socket): void {
    this.#socket = socket
  }

  /** Octets have been read that nobody has seen. */
  get isLate(): boolean {
    return this.#late.length > 0
  }

  pause(): void {
    this.#wanted = false
    this.#socket?.pause()
  }

  /** What is late comes in a turn of its own, so that nobody is given octets while asking for them. */
  resume(): void {
    this.#wanted = true
    if (this.isLate) this.#buffers.turns.enter(this)
    else this.#socket?.resume()
  }

  /** What is late when we end the connection ourselves is nobody's any more, as what is still on the wire. */
  readOn(): void {
    while (this.#wanted && this.isLate && this.#socket?.destroyed !== true) this.#handOnLate()
    if (this.#wanted && !this.isLate) this.#socket?.resume()
  }

  #handOnLate(): void {
    const late = this.#late.shift()
    if (late === undefined) return
    const { buffer, length } = late
    this.#handOn(buffer.bytes, length, length < large ? undefined : buffer)
    buffer.leave()
  }

  /** The peer has sent all. A TLS socket says so as soon as it has read it, and may be closed right after. */
  end(): void {
    this.#buffers.turns.leave(this)
    while (this.isLate) this.#handOnLate()
  }

  /** The socket is closed: nothing is read any more. */
  close(): void {
    this.#buffers.turns.leave(this)
    for (const { buffer } of this.#late.splice(0)) buffer.leave()
    this.#current.leave()
    this.#current = this.#buffers.shared
  }

  #change(own: boolean): void {
    const before = this.#current
    this.#current = own ? this.#buffers.take() : this.#buffers.shared
    before.leave()
  }
}
