import type { Lender } from '../model/index.ts'
import type { OnRead } from './node-internals.ts'

/** Heads and small bodies are used up in the call that brings them, so one buffer serves all sockets of a worker. */
const sharedSize = 64 * 1024
/** A large body is read into buffers of its own, from which it is written on without a copy. */
const ownSize = 128 * 1024
const mostSpare = 32

class ReadBuffer implements Lender {
  readonly bytes: Buffer
  /** A socket reads into it. */
  reading = false
  #lent = 0
  readonly #takeBack: (buffer: ReadBuffer) => void

  constructor(size: number, takeBack: (buffer: ReadBuffer) => void) {
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
  /** Whether accepted sockets are read into them as well, which public API of Node does not offer. */
  readonly forAccepted: boolean
  readonly shared: ReadBuffer = new ReadBuffer(sharedSize, () => undefined)
  readonly #spare: ReadBuffer[] = []

  constructor(forAccepted = true) {
    this.forAccepted = forAccepted
  }

  take(): ReadBuffer {
    const buffer = this.#spare.pop() ?? new ReadBuffer(ownSize, this.#keep)
    buffer.reading = true
    return buffer
  }

  /** Nobody reads into it any more. */
  leave(buffer: ReadBuffer): void {
    if (buffer === this.shared) return
    buffer.reading = false
    if (!buffer.isLent) this.#keep(buffer)
  }

  readonly #keep = (buffer: ReadBuffer): void => {
    if (this.#spare.length < mostSpare) this.#spare.push(buffer)
  }
}

/**
 * Takes octets that have come: `bytes` from 0 to `end`, valid for the call, or longer where there is a lender. Answers
 * false if no more should come for now.
 */
export type TakeOctets = (bytes: Buffer, end: number, lender?: Lender) => boolean

/** Chooses the buffer for each read of one socket: a full one shows that a large body is on its way. */
export class SocketReader implements OnRead {
  readonly #buffers: ReadBuffers
  readonly #take: TakeOctets
  #current: ReadBuffer
  #isLarge = false

  constructor(buffers: ReadBuffers, take: TakeOctets) {
    this.#buffers = buffers
    this.#take = take
    this.#current = buffers.shared
  }

  readonly buffer = (): Uint8Array => {
    const { shared } = this.#buffers
    if (this.#isLarge === (this.#current !== shared) && !this.#current.isLent) return this.#current.bytes
    this.#buffers.leave(this.#current)
    this.#current = this.#isLarge ? this.#buffers.take() : shared
    return this.#current.bytes
  }

  readonly callback = (length: number): boolean => {
    const current = this.#current
    const more = this.#take(current.bytes, length, current === this.#buffers.shared ? undefined : current)
    this.#isLarge = more && length >= sharedSize
    return more
  }
}
