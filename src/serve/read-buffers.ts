import type { Lender } from '../model/index.ts'
import type { DirectReader } from './node-internals.ts'

/**
 * Octets that are read at once. Heads and small bodies are used up in the call that brings them, so one buffer serves all
 * sockets of a worker. A large body is read into buffers of its own, from which it is written on without a copy.
 */
const size = 64 * 1024
/** Sockets of a worker that may have buffers of their own: 32 MiB. All others read into the shared one. */
const mostOwn = 512
/** Of them, kept for further use: 4 MiB. */
const mostSpare = 64
/** A read that nearly fills a buffer is part of a large body; what is less is copied, so that no buffer waits for little. */
const large = 56 * 1024
/** After so many reads that are not, large bodies are over for this socket. */
const patience = 4

class ReadBuffer implements Lender {
  readonly bytes: Buffer
  /** A socket reads into it. */
  reading = false
  #lent = 0
  readonly #takeBack: (buffer: ReadBuffer) => void

  constructor(takeBack: (buffer: ReadBuffer) => void) {
    this.bytes = Buffer.allocUnsafeSlow(size)
    this.#takeBack = takeBack
  }

  get isLent(): boolean {
    return this.#lent > 0
  }

  lend(): () => void {
    this.#lent++
    return this.#release
  }

  readonly #release = (): void => {
    if (--this.#lent === 0 && !this.reading) this.#takeBack(this)
  }
}

/** The buffers into which the sockets of a worker read. */
export class ReadBuffers {
  /** Whether octets go past the streams of Node where they can, in both directions. */
  readonly direct: boolean
  readonly shared: ReadBuffer = new ReadBuffer(() => undefined)
  readonly #spare: ReadBuffer[] = []
  #made = 0

  constructor(direct = true) {
    this.direct = direct
  }

  /** A buffer for one socket alone; the shared one if there are enough. */
  take(): ReadBuffer {
    const buffer = this.#spare.pop() ?? this.#make()
    buffer.reading = true
    return buffer
  }

  #make(): ReadBuffer {
    if (this.#made >= mostOwn) return this.shared
    this.#made++
    return new ReadBuffer(this.#keep)
  }

  /** Nobody reads into it any more. */
  leave(buffer: ReadBuffer): void {
    if (buffer === this.shared) return
    buffer.reading = false
    if (!buffer.isLent) this.#keep(buffer)
  }

  /** A worker that had many large bodies at once does not keep all their buffers for ever. */
  readonly #keep = (buffer: ReadBuffer): void => {
    if (this.#spare.length < mostSpare) this.#spare.push(buffer)
    else this.#made--
  }
}

/** Whoever reads from a socket. */
export interface OctetTaker {
  /**
   * Octets have come: `bytes` from 0 to `end`, valid for the call, or longer where there is a lender. Answers false if
   * no more should come for now.
   */
  take(bytes: Buffer, end: number, lender: Lender | undefined): boolean
}

/** Chooses the buffer for the reads of one socket. */
export class SocketReader implements DirectReader {
  readonly #buffers: ReadBuffers
  readonly #taker: OctetTaker
  /** Whether the socket reads on into another buffer when there is one; else all is read into the shared one. */
  changes = false
  #current: ReadBuffer
  /** How many of the next reads may be small before large bodies count as over. */
  #patience = 0

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
    return more
  }

  /** The socket is closed: nothing is read any more. */
  close(): void {
    this.#buffers.leave(this.#current)
    this.#current = this.#buffers.shared
  }

  #change(own: boolean): void {
    const before = this.#current
    this.#current = own ? this.#buffers.take() : this.#buffers.shared
    this.#buffers.leave(before)
  }
}
