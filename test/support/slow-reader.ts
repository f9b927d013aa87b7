import type { Socket } from 'node:net'

import { roundTrip } from './raw-client.ts'

/** More than the kernel holds for one connection: who takes so much has the other side send on. */
export const portion: number = 16 * 1024 * 1024

/** Takes nothing of a connection but what it is told to take, and keeps none of it. */
export class SlowReader {
  octets = 0
  readonly #socket: Socket

  constructor(socket: Socket) {
    this.#socket = socket
    socket.pause()
    socket.removeAllListeners('data').on('data', (octets: Buffer | string) => (this.octets += octets.length))
  }

  /** Takes until it has `enough` octets in all, or the connection is over. */
  async take(enough: number): Promise<void> {
    this.#socket.resume()
    while (this.octets < enough && !this.#socket.destroyed) await roundTrip()
    this.#socket.pause()
    await roundTrip()
  }
}
