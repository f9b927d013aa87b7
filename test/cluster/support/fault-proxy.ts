import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { connect as connectSecurely } from 'node:tls'

const loopback = '127.0.0.1'
const beginning = /^(GET|POST|PUT|PATCH|DELETE) /

export interface FaultProxyOptions {
  /** The address that it listens on itself. */
  readonly host?: string
  /**
   * By which a server is known that speaks TLS: the proxy speaks it, and takes plain HTTP, so that it can read along.
   * Without it, the proxy knows nothing of what passes.
   */
  readonly certificate?: string
}

/** What happens to a connection once so many octets have gone to the client. */
export interface Fault {
  readonly after: number
  /** `cut` ends both sides; `stall` lets nothing pass any more, and leaves them open. */
  readonly action: 'cut' | 'stall'
}

/** When a client came, and when it began each of its requests, by the monotonic clock. */
interface Visit {
  readonly begun: number
  readonly requests: number[]
}

interface Pair {
  readonly client: Socket
  readonly server: Socket
  readonly fault: Fault | undefined
  readonly delay: number
  stalled: boolean
}

/** A proxy before a server: it cuts, stalls, holds and delays, and tells when the server was asked. */
export class FaultProxy {
  readonly #target: number
  readonly #host: string
  readonly #certificate: string | undefined
  readonly #pairs = new Set<Pair>()
  readonly #visits: Visit[] = []
  readonly #server: Server
  #port = 0
  /** What is to pass once it is let go; undefined: everything passes. */
  #held: (() => void)[] | undefined
  /** Decides about each connection to come, which are counted from 1. */
  fault: (connection: number) => Fault | undefined = () => undefined
  /** Milliseconds that octets take on their way to the client, on connections to come. */
  delay = 0

  /** `target` is a port of loopback. */
  constructor(target: number, { host = loopback, certificate }: FaultProxyOptions = {}) {
    this.#target = target
    this.#host = host
    this.#certificate = certificate
    this.#server = createServer({ allowHalfOpen: true }, (client) => this.#join(client))
  }

  get port(): number {
    return this.#port
  }

  /** For those whose plain HTTP it takes. */
  get url(): string {
    return `http://${this.#host}:${this.#port}`
  }

  /** Connections that were made so far. */
  get connections(): number {
    return this.#visits.length
  }

  /**
   * When the server was to be asked: clients send no request before the last one is answered. A connection on which none
   * comes counts as one: somebody wanted to ask.
   */
  get times(): number[] {
    return this.#visits.flatMap(({ begun, requests }) => (requests.length === 0 ? [begun] : requests))
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

  /** Resets every connection that there is. */
  cut(): void {
    for (const { client, server } of this.#pairs) {
      client.resetAndDestroy()
      server.destroy()
    }
  }

  /** Nothing passes until `release`, on connections that there are and on those to come; nobody is told. */
  hold(): void {
    this.#held ??= []
  }

  release(): void {
    const held = this.#held ?? []
    this.#held = undefined
    for (const pass of held) pass()
  }

  #join(client: Socket): void {
    const visit: Visit = { begun: performance.now(), requests: [] }
    this.#visits.push(visit)
    const fault = this.fault(this.#visits.length)
    const pair: Pair = { client, server: this.#connect(), fault, delay: this.delay, stalled: false }
    this.#pairs.add(pair)
    this.#hearClient(pair, visit)
    this.#hearServer(pair)
  }

  #connect(): Socket {
    const place = { port: this.#target, host: loopback, allowHalfOpen: true }
    return this.#certificate === undefined ? connect(place) : connectSecurely({ ...place, ca: this.#certificate })
  }

  #hearClient(pair: Pair, { requests }: Visit): void {
    const { client, server } = pair
    client.on('error', () => undefined).on('close', () => this.#part(pair))
    client.on('data', (octets: Buffer) => {
      if (beginning.test(octets.toString('latin1', 0, 8))) requests.push(performance.now())
      this.#pass(0, () => server.write(octets))
    })
    client.on('end', () => this.#pass(0, () => server.end()))
  }

  #hearServer(pair: Pair): void {
    const { client, server, fault, delay } = pair
    const unlessStalled = (act: () => void): void => {
      if (!pair.stalled) this.#pass(delay, act)
    }
    let passed = 0
    server.on('error', () => undefined).on('close', () => unlessStalled(() => this.#part(pair)))
    server.on('data', (octets: Buffer) => {
      const allowed = fault === undefined ? octets : octets.subarray(0, Math.max(0, fault.after - passed))
      passed += octets.length
      unlessStalled(() => client.write(allowed))
      if (fault !== undefined && passed >= fault.after) unlessStalled(() => strike(pair, fault))
    })
    server.on('end', () => unlessStalled(() => client.end()))
  }

  #part(pair: Pair): void {
    this.#pairs.delete(pair)
    pair.client.destroy()
    pair.server.destroy()
  }

  /** Timers of the same length end in the order in which they began. */
  #pass(delay: number, act: () => void): void {
    if (delay > 0) setTimeout(() => this.#pass(0, act), delay)
    else if (this.#held === undefined) act()
    else this.#held.push(act)
  }
}

function strike(pair: Pair, { action }: Fault): void {
  if (action === 'cut') return void pair.client.end(() => pair.client.destroy())
  pair.stalled = true
  pair.client.pause()
  pair.server.pause()
}
