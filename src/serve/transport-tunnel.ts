import type { TunnelSide } from '../model/index.ts'
import type { Transport } from './transport.ts'

type TunnelEvents = Parameters<TunnelSide['open']>[0]

/** What a tunnel needs of the connection that it takes over. */
export interface TunnelCarrier {
  /** Hands over what came before the tunnel was there. */
  drainHeld(give: (bytes: Buffer, start: number, end: number) => number): void
  /** Octets wait for the peer; or all that was written has been taken. */
  stalled(): void
  flushed(): void
}

/** A transport that carries a tunnel: octets both ways, half-closes honoured. */
export class TransportTunnel implements TunnelSide {
  readonly #transport: Transport
  readonly #carrier: TunnelCarrier
  #events: TunnelEvents | undefined
  #endedEarly = false

  constructor(transport: Transport, carrier: TunnelCarrier) {
    this.#transport = transport
    this.#carrier = carrier
  }

  open(events: TunnelEvents): void {
    this.#events = events
    this.#carrier.drainHeld((bytes, start, end) => {
      this.data(bytes, start, end)
      return end
    })
    if (this.#endedEarly) events.end()
    else this.#transport.resume()
  }

  write(bytes: Buffer, start: number, end: number): boolean {
    const more = this.#transport.writeBytes(bytes, start, end)
    if (!more) this.#carrier.stalled()
    return more
  }

  resume(): void {
    this.#transport.resume()
  }

  end(): void {
    this.#carrier.stalled()
    this.#transport.end(() => this.#carrier.flushed())
  }

  destroy(): void {
    this.#transport.destroy()
  }

  // What the connection passes on

  data(bytes: Buffer, start: number, end: number): void {
    if (this.#events?.data(bytes, start, end) === false) this.#transport.pause()
  }

  ended(): void {
    if (this.#events === undefined) this.#endedEarly = true
    else this.#events.end()
  }

  drained(): void {
    this.#events?.drained()
  }

  closed(): void {
    this.#events?.close()
  }
}
