import type { IncomingMessage } from 'node:http'

/** An object may be 1.5 MB, and an update has two of them. The API server takes no larger requests itself. */
export const largestBody: number = 3 * 1024 * 1024
/** Of all bodies that are held at once. */
const mostHeld = 4 * largestBody

/** The text of a body, or the status of the answer that it gets instead; undefined: whoever asked is gone. */
export type ReadBody = { readonly text: string } | { readonly status: 400 | 413 | 503 } | undefined

/** Reads bodies whole, and holds no more than so many octets of all of them together. */
export class ReviewBodies {
  #held = 0

  read(request: IncomingMessage): Promise<ReadBody> {
    const { promise, resolve } = Promise.withResolvers<ReadBody>()
    const parts: Buffer[] = []
    let length = 0
    const end = (body: ReadBody): void => {
      this.#held -= length
      length = 0
      request.removeListener('data', take)
      resolve(body)
    }
    const take = (part: Buffer): void => {
      length += part.length
      this.#held += part.length
      if (length > largestBody) return end({ status: 413 })
      if (this.#held > mostHeld) return end({ status: 503 })
      parts.push(part)
    }
    request.on('data', take)
    request.once('end', () => end(decode(parts)))
    request.once('close', () => end(undefined))
    request.once('error', () => end(undefined))
    return promise
  }
}

function decode(parts: readonly Buffer[]): ReadBody {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(parts)) }
  } catch {
    return { status: 400 }
  }
}
