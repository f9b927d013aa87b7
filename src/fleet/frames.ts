/**
 * Messages over a byte pipe: JSON in frames of at most 64 KiB, each `length (4 octets, big-endian) | more (1) | part`.
 * A value that is larger travels in several frames, so that no reader's turn is longer than one frame takes.
 */
const maxPart = 64 * 1024 - 5
const headerLength = 5

/** The frames of one message, joined. */
export function printFrames(message: unknown): Buffer {
  const text = Buffer.from(JSON.stringify(message))
  const frames = Math.max(1, Math.ceil(text.length / maxPart))
  const out = Buffer.allocUnsafe(text.length + frames * headerLength)
  let at = 0
  for (let start = 0; start < text.length; start += maxPart) {
    const end = Math.min(start + maxPart, text.length)
    out.writeUInt32BE(end - start, at)
    out.writeUInt8(end < text.length ? 1 : 0, at + 4)
    text.copy(out, at + headerLength, start, end)
    at += headerLength + end - start
  }
  return out
}

/** Puts frames together again from chunks that are cut anywhere. */
export class FrameReader {
  #held: Buffer = Buffer.alloc(0)
  #parts: Buffer[] = []

  push(chunk: Buffer): void {
    this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk])
  }

  /** Whether a whole frame is there. */
  get waiting(): boolean {
    return this.#held.length >= headerLength && this.#held.length >= headerLength + this.#held.readUInt32BE(0)
  }

  /** Takes one frame; answers the message if it was the last of one. Throws if the peer does not speak this format. */
  take(): { readonly message: unknown } | undefined {
    const end = headerLength + this.#held.readUInt32BE(0)
    if (end > headerLength + maxPart)
      throw new RangeError(`frame of ${end} octets, at most ${headerLength + maxPart} allowed`)
    const more = this.#held.readUInt8(4) === 1
    this.#parts.push(this.#held.subarray(headerLength, end))
    this.#held = this.#held.subarray(end)
    if (more) return undefined
    const message: unknown = JSON.parse(Buffer.concat(this.#parts).toString())
    this.#parts = []
    return { message }
  }
}
