import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'

/** What happens to a connection once so many octets have gone to the client. */
export interface Fault {
  readonly after: number
  /** `cut` ends both sides; `stall` lets nothing pass any more, and leaves them open. */
  readonly action: 'cut' | 'stall'
}

interface Pair {
  readonly client: Socket
  readonly server: Socket
  stalled: boolean
}

/** A proxy before a server: it cuts, stalls and delays, and knows nothing of what passes. */
export class FaultProxy {
  readonly #target: number
  readonly #host: string
  readonly #pairs = new Set<Pair>()
  readonly #server: Server
  #port = 0
  #connections = 0
  /** Decides about each connection to come, which are counted from 1. */
  fault: (connection: number) => Fault | undefined = () => undefined
  /** Milliseconds that octets take on their way to the client. */
  delay = 0

  /** `target` is a port of loopback; `host` is the address that it listens on itself. */
  constructor(target: number, host = '127.0.0.1') {
    this.#target = target
    this.#host = host
    this.#server = createServer({ allowHalfOpen: true }, (client) => this.#join(client))
  }

  get port(): number {
    return this.#port
  }

  /** Connections that were made so far. */
  get connections(): number {
    return this.#connections
  }

  /** Takes connections, at the port that it had. */
  async open(): Promise<void> {
    this.#server.listen(this.#port, this.#host)
    await once(this.#server, 'listening')
    this.#port = (this.#server.address() as AddressInfo).port
  }

  /** Refuses connections, and cuts those that there are. */
  async close(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.cut()
    await closed
  }

  /** Cuts every connection that there is. */
  cut(): void {
    for (const { client, server } of this.#pairs) {
      client.destroy()
      server.destroy()
    }
  }

  /** From now on nothing passes on the connections that there are; nobody is told. */
  stall(): void {
    for (const pair of this.#pairs) halt(pair)
  }

  #join(client: Socket): void {
    const fault = this.fault(++this.#connections)
    const server = connect({ port: this.#target, host: '127.0.0.1', allowHalfOpen: true })
    const pair: Pair = { client, server, stalled: false }
    this.#pairs.add(pair)
    client.on('error', () => undefined).on('close', () => this.#part(pair))
    server.on('error', () => undefined).on('close', () => pair.stalled || this.#part(pair))
    client.on('data', (octets) => server.write(octets)).on('end', () => server.end())
    let passed = 0
    server.on('data', (octets: Buffer) => {
      if (pair.stalled) return
      const allowed = fault === undefined ? octets : octets.subarray(0, Math.max(0, fault.after - passed))
      passed += octets.length
      this.#later(() => client.write(allowed))
      if (fault !== undefined && passed >= fault.after) this.#later(() => strike(pair, fault))
    })
    server.on('end', () => pair.stalled || this.#later(() => client.end()))
  }

  #part(pair: Pair): void {
    this.#pairs.delete(pair)
    pair.client.destroy()
    pair.server.destroy()
  }

  /** Timers of the same length end in the order in which they began. */
  #later(act: () => void): void {
    if (this.delay === 0) act()
    else setTimeout(act, this.delay)
  }
}

function strike(pair: Pair, { action }: Fault): void {
  if (action === 'stall') halt(pair)
  else pair.client.end(() => pair.client.destroy())
}

function halt(pair: Pair): void {
  pair.stalled = true
  pair.client.pause()
  pair.server.pause()
}
