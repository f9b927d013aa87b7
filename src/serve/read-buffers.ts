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

/** Chooses the buffer for the reads of one socket: a full one shows that a large body is on its way. */
export class SocketReader implements OnRead {
  readonly #buffers: ReadBuffers
  readonly #take: TakeOctets
  #current: ReadBuffer
  #change: (next: () => Uint8Array) => boolean = () => false

  constructor(buffers: ReadBuffers, take: TakeOctets) {
    this.#buffers = buffers
    this.#take = take
    this.#current = buffers.shared
  }

  /** `change` has the socket read on into another buffer; without it, or where it answers false, all is read into one. */
  canChange(change: (next: () => Uint8Array) => boolean): void {
    this.#change = change
  }

  get buffer(): Uint8Array {
    return this.#current.bytes
  }

  readonly callback = (length: number): boolean => {
    const { shared } = this.#buffers
    const current = this.#current
    const more = this.#take(current.bytes, length, current === shared ? undefined : current)
    if (more && length >= sharedSize) {
      if ((current === shared || current.isLent) && this.#change(this.#takeOwn)) this.#buffers.leave(current)
    } else if (current !== shared && this.#change(this.#takeShared)) this.#buffers.leave(current)
    return more
  }

  readonly #takeOwn = (): Uint8Array => (this.#current = this.#buffers.take()).bytes

  readonly #takeShared = (): Uint8Array => (this.#current = this.#buffers.shared).bytes
}
