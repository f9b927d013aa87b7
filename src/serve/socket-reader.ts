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

/** Of octets that nobody else writes over. */
const unshared: Lender = { lend: () => () => undefined }

type Pausable = Pick<Socket, 'pause' | 'resume'>

/** Reads from one socket: chooses the buffer for each read, and waits where others have a right to the turn. */
export class SocketReader implements DirectReader, TurnTaker {
  readonly #buffers: ReadBuffers
  readonly #taker: OctetTaker
  /** Whether the socket reads on into another buffer when there is one; else all is read into the shared one. */
  changes = false
  #current: ReadBuffer
  /** How many of the next reads may be small before large bodies count as over. */
  #patience = 0
  #socket: Pausable | undefined
  /** Whether octets are wanted. */
  #wanted = true
  /** What was read when the turn was used up. */
  #late: Buffer | undefined
  /** To be told after that. */
  #ended: (() => void) | undefined
  /** It has a place among those who wait for a turn. */
  #queues = false

  constructor(buffers: ReadBuffers, taker: OctetTaker) {
    this.#buffers = buffers
    this.#taker = taker
    this.#current = buffers.shared
  }

  get buffer(): Uint8Array {
    return this.#current.bytes
  }

  read(length: number): boolean {
    const { bytes } = this.#current
    if (this.#late !== undefined) this.#late = Buffer.concat([this.#late, bytes.subarray(0, length)])
    else if (this.#buffers.turns.mustWait(this, length)) this.#putOff(bytes, length)
    else return this.#handOn(length)
    return false
  }

  /** A TLS socket goes on for a while when it is told to stop, and would fill the buffer anew. */
  #putOff(bytes: Buffer, length: number): void {
    this.#late = Buffer.copyBytesFrom(bytes, 0, length)
    this.#queues = true
  }

  #handOn(length: number): boolean {
    const { shared } = this.#buffers
    const current = this.#current
    const lends = current !== shared && length >= large
    const more = this.#taker.take(current.bytes, length, lends ? current : undefined)
    if (length >= large) this.#patience = patience
    else if (this.#patience > 0) this.#patience--
    // A peer that is made to wait may wait for long: for it no buffer is kept.
    const own = more && this.#patience > 0
    const stays = own ? current !== shared && !current.isLent : current === shared
    if (!stays && this.changes) this.#change(own)
    return (this.#wanted = more)
  }

  /** What it has been made to read from. */
  from(socket: Pausable): void {
    this.#socket = socket
  }

  /** Octets have been read that nobody has seen. */
  get isLate(): boolean {
    return this.#late !== undefined
  }

  pause(): void {
    this.#wanted = false
    this.#socket?.pause()
  }

  /** What is late comes in a turn of its own, so that nobody is given octets while asking for them. */
  resume(): void {
    this.#wanted = true
    if (this.#late === undefined) this.#socket?.resume()
    else this.#queues ||= this.#buffers.turns.enter(this)
  }

  readOn(): void {
    const late = this.#late
    this.#queues = false
    if (!this.#wanted || late === undefined) return
    this.#late = undefined
    this.#wanted = this.#taker.take(late, late.length, unshared)
    if (this.#wanted) this.#socket?.resume()
    this.#ended?.()
    this.#ended = undefined
  }

  /** The peer has sent all: told when nothing is late. */
  end(ended: () => void): void {
    if (this.#late === undefined) ended()
    else this.#ended = ended
  }

  /** The socket is closed: nothing is read any more. */
  close(): void {
    this.#late = undefined
    this.#buffers.turns.leave(this)
    this.#buffers.leave(this.#current)
    this.#current = this.#buffers.shared
  }

  #change(own: boolean): void {
    const before = this.#current
    this.#current = own ? this.#buffers.take() : this.#buffers.shared
    this.#buffers.leave(before)
  }
}
