import type { IncomingMessage } from 'node:http'

/** An object may be 1.5 MB, and an update has two of them. The API server takes no larger requests itself. */
export const largestBody: number = 3 * 1024 * 1024
/** Of all bodies that are held at once. */
const mostHeld = 4 * largestBody
const leastHeld = 16 * 1024

/** The text of a body, or the status of the answer that it gets instead; undefined: whoever asked is gone. */
export type ReadBody =
  | { readonly text: string; /** It is held until then. */ readonly release: () => void }
  | { readonly status: 400 | 413 | 503 }
  | undefined

/**
 * Reads bodies whole, and holds no more than so many octets of all of them together, those that wait for their review
 * included. Where one more does not fit, the one that has been coming for longest gives way: who sends slowly keeps nobody out.
 */
export class ReviewBodies {
  #held = 0
  /** How to end those that are still coming, the oldest first. */
  readonly #coming = new Set<(read: ReadBody) => void>()

  read(request: IncomingMessage): Promise<ReadBody> {
    const { promise, resolve } = Promise.withResolvers<ReadBody>()
    const body = new GrowingBuffer()
    let counted = 0
    let ended = false
    const hold = (octets: number): void => {
      this.#held += octets - counted
      counted = octets
    }
    const end = (read: ReadBody): void => {
      if (ended) return
      ended = true
      this.#coming.delete(end)
      request.removeListener('data', take)
      body.drop()
      if (read === undefined || 'status' in read) hold(0)
      resolve(read)
    }
    const take = (part: Buffer): void => {
      if (body.length + part.length > largestBody) return end({ status: 413 })
      body.add(part)
      hold(body.capacity)
      this.#makeRoom()
    }
    this.#coming.add(end)
    request.on('data', take)
    request.once('end', () => end(decode(body.bytes, () => hold(0))))
    request.once('close', () => end(undefined))
    request.on('error', () => end(undefined))
    return promise
  }

  #makeRoom(): void {
    for (const end of this.#coming) {
      if (this.#held <= mostHeld) return
      end({ status: 503 })
    }
  }
}

/** One run of octets, whatever the size of the parts in which they come: each part of its own would cost more than its octets. */
class GrowingBuffer {
  #bytes = Buffer.alloc(0)
  length = 0

  get capacity(): number {
    return this.#bytes.length
  }

  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.length)
  }

  add(part: Buffer): void {
    const needed = this.length + part.length
    if (needed > this.capacity) {
      const larger = Buffer.alloc(Math.min(largestBody, Math.max(leastHeld, needed, 2 * this.capacity)))
      this.#bytes.copy(larger, 0, 0, this.length)
      this.#bytes = larger
    }
    part.copy(this.#bytes, this.length)
    this.length = needed
  }

  drop(): void {
    this.#bytes = Buffer.alloc(0)
    this.length = 0
  }
}

function decode(bytes: Buffer, release: () => void): ReadBody {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes), release }
  } catch {
    return { status: 400 }
  }
}
