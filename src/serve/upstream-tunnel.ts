import type { Socket } from 'node:net'

import type { TunnelSide } from '../model/index.ts'
import type { HeldBytes } from './held-bytes.ts'
import type { SocketReader } from './socket-reader.ts'
import type { StallDeadline } from './stall-deadline.ts'

type TunnelEvents = Parameters<TunnelSide['open']>[0]

/** What a tunnel needs of the connection to an upstream that it takes over. */
interface UpstreamTunnelCarrier {
  readonly reader: Pick<SocketReader, 'resume'>
  /** What came before the tunnel is open. */
  readonly held: HeldBytes
  /** Runs while octets wait for the upstream. */
  readonly writing: StallDeadline
  /** Answers false if the upstream does not take more for now. */
  write(bytes: Buffer, start: number, end: number): boolean
}

/** A connection to an upstream after its 101: octets both ways, half-closes honoured. */
export class UpstreamTunnel implements TunnelSide {
  readonly #socket: Socket
  readonly #carrier: UpstreamTunnelCarrier
  #events: TunnelEvents | undefined

  constructor(socket: Socket, carrier: UpstreamTunnelCarrier) {
    this.#socket = socket
    this.#carrier = carrier
  }

  open(events: TunnelEvents): void {
    this.#events = events
    this.#carrier.held.drain((bytes, start, end) => {
      events.data(bytes, start, end)
      return end
    })
    this.#carrier.reader.resume()
  }

  write(bytes: Buffer, start: number, end: number): boolean {
    return this.#socket.writable && this.#carrier.write(bytes, start, end)
  }

  resume(): void {
    this.#carrier.reader.resume()
  }

  end(): void {
    const { writing } = this.#carrier
    writing.arm()
    this.#socket.end(() => writing.disarm())
  }

  destroy(): void {
    this.#socket.destroy()
  }

  // What the connection passes on

  /** Answers whether more is wanted. */
  take(bytes: Buffer, end: number): boolean {
    if (this.#events !== undefined) return this.#events.data(bytes, 0, end)
    this.#carrier.held.append(bytes, 0, end)
    return false
  }

  ended(): void {
    this.#events?.end()
  }

  drained(): void {
    this.#events?.drained()
  }

  closed(): void {
    this.#events?.close()
  }
}
