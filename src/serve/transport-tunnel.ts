import type { TunnelSide } from '../model/index.ts'
import type { Transport } from './transport.ts'

type TunnelEvents = Parameters<TunnelSide['open']>[0]

/** A transport that carries a tunnel: octets both ways, half-closes honoured. */
export class TransportTunnel implements TunnelSide {
  readonly #transport: Transport
  /** Hands over what came before the tunnel was there. */
  readonly #drainHeld: (give: (bytes: Buffer, start: number, end: number) => number) => void
  #events: TunnelEvents | undefined
  #endedEarly = false

  constructor(transport: Transport, drainHeld: (give: (bytes: Buffer, start: number, end: number) => number) => void) {
    this.#transport = transport
    this.#drainHeld = drainHeld
  }

  open(events: TunnelEvents): void {
    this.#events = events
    this.#drainHeld((bytes, start, end) => {
      this.data(bytes, start, end)
      return end
    })
    if (this.#endedEarly) events.end()
    else this.#transport.resume()
  }

  write(bytes: Buffer, start: number, end: number): boolean {
    return this.#transport.writeBytes(bytes, start, end)
  }

  resume(): void {
    this.#transport.resume()
  }

  end(): void {
    this.#transport.end()
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
