import type { Lender } from '../model/index.ts'
import { ReadTurns } from './read-turns.ts'

/**
 * Octets that are read at once. Heads and small bodies are used up in the call that brings them, so one buffer serves all
 * sockets of a worker. A large body is read into buffers of its own, from which it is written on without a copy.
 */
const size = 64 * 1024
/** Sockets of a worker that may have buffers of their own: 32 MiB. All others read into the shared one. */
const mostOwn = 512
/** Of them, kept for further use: 4 MiB. */
const mostSpare = 64
export class ReadBuffer implements Lender {
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

  /** Nobody reads into it any more. */
  leave(): void {
    this.reading = false
    if (!this.isLent) this.#takeBack(this)
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
  readonly turns: ReadTurns
  readonly #spare: ReadBuffer[] = []
  #made = 0

  constructor(direct = true, turns: ReadTurns = new ReadTurns()) {
    this.direct = direct
    this.turns = turns
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

  /** A buffer with these octets, which nobody reads into; one that is not kept if there are enough. */
  copyOf(bytes: Buffer, length: number): ReadBuffer {
    const taken = this.take()
    const buffer = taken === this.shared ? new ReadBuffer(() => undefined) : taken
    bytes.copy(buffer.bytes, 0, 0, length)
    return buffer
  }

  /** A worker that had many large bodies at once does not keep all their buffers for ever. */
  readonly #keep = (buffer: ReadBuffer): void => {
    if (this.#spare.length < mostSpare) this.#spare.push(buffer)
    else this.#made--
  }
}
