/** A connection, by the socket that was accepted or by the one of TLS above it. */
interface Ends {
  readonly remoteAddress?: string | undefined
  readonly remotePort?: number | undefined
  readonly localAddress?: string | undefined
  once(event: 'close', call: () => void): unknown
  destroy(): unknown
}

/**
 * No more than so many connections. One more takes the place of the one that has been silent for longest, so that nobody is
 * kept out by those who hold connections and say nothing.
 */
export class ConnectionLimit {
  readonly #most: number
  /** By both ends, the one that has been silent for longest first. */
  readonly #open = new Map<string, Ends>()

  constructor(most: number) {
    this.#most = most
  }

  /** The socket was accepted. */
  admit(socket: Ends): void {
    const key = keyOf(socket)
    this.#open.set(key, socket)
    // The ends may be those of another connection by then.
    socket.once('close', () => void (this.#open.get(key) === socket && this.#open.delete(key)))
    if (this.#open.size > this.#most) this.#destroyOldest()
  }

  /** A request came on it. */
  heard(socket: Ends): void {
    const key = keyOf(socket)
    const accepted = this.#open.get(key)
    if (accepted === undefined) return
    this.#open.delete(key)
    this.#open.set(key, accepted)
  }

  #destroyOldest(): void {
    for (const [key, oldest] of this.#open) {
      this.#open.delete(key)
      oldest.destroy()
      return
    }
  }
}

function keyOf({ remoteAddress, remotePort, localAddress }: Ends): string {
  return `${remoteAddress} ${remotePort} ${localAddress}`
}
