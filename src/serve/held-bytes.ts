const firstSize = 1024

/**
 * Octets that wait to be read, in one piece. Grows to what is wanted, and at least by doubling, so that octets that come
 * one by one cost linear time and a large piece costs its own size.
 */
export class HeldBytes {
  #buffer: Buffer | undefined
  #start = 0
  #end = 0

  get length(): number {
    return this.#end - this.#start
  }

  append(bytes: Buffer, start: number, end: number): void {
    const wanted = this.length + end - start
    if (this.#buffer === undefined || this.#end + end - start > this.#buffer.length) this.#grow(wanted)
    this.#end += bytes.copy(this.#buffer ?? bytes, this.#end, start, end)
  }

  /** Shows all octets, which stay. */
  read(see: (bytes: Buffer, start: number, end: number) => void): void {
    if (this.#buffer !== undefined) see(this.#buffer, this.#start, this.#end)
  }

  /** Hands all octets to `take`, which answers how many it took. */
  drain(take: (bytes: Buffer, start: number, end: number) => number): void {
    if (this.#buffer === undefined || this.length === 0) return
    this.#start = take(this.#buffer, this.#start, this.#end)
    if (this.length > 0) return
    this.#buffer = undefined
    this.#start = this.#end = 0
  }

  #grow(wanted: number): void {
    const grown = Buffer.allocUnsafe(Math.max(firstSize, wanted, 2 * this.length))
    const length = this.#buffer?.copy(grown, 0, this.#start, this.#end) ?? 0
    this.#buffer = grown
    this.#start = 0
    this.#end = length
  }
}
