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

type Pausable = Pick<Socket, 'pause' | 'resume'>

/** Reads from one socket: chooses the buffer for each read, and rests where others have a right to the turn. */
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
  /** They wait for a later turn of the loop. */
  #rests = false

  constructor(buffers: ReadBuffers, taker: OctetTaker) {
    this.#buffers = buffers
    this.#taker = taker
    this.#current = buffers.shared
  }

  get buffer(): Uint8Array {
    return this.#current.bytes
  }

  read(length: number): boolean {
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
    this.#wanted = more
    this.#rests = this.#buffers.turns.mustRest(this, length)
    return more && !this.#rests
  }

  /** Stops and begins to read from `socket`, which it has been made for. */
  from(socket: Pausable): void {
    this.#socket = socket
  }

  pause(): void {
    this.#wanted = false
    this.#socket?.pause()
  }

  resume(): void {
    this.#wanted = true
    if (!this.#rests) this.#socket?.resume()
  }

  /** Its turn has come, or what it waits for now is not what it rested from. */
  readOn(): void {
    if (!this.#rests) return
    this.#rests = false
    this.#buffers.turns.leave(this)
    if (this.#wanted) this.#socket?.resume()
  }

  /** The socket is closed: nothing is read any more. */
  close(): void {
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
