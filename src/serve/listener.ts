import { createServer } from 'node:net'
import type { Server, Socket } from 'node:net'
import { createServer as createTlsServer, TLSSocket } from 'node:tls'
import type { SecureContext, Server as TlsServer } from 'node:tls'

import { contextOptions } from '../certificates/index.ts'
import type { Client } from '../model/index.ts'
import type { ConnectionContext } from './connection-context.ts'
import type { Waiting } from './descriptor-budget.ts'
import { Http1Connection } from './http1-connection.ts'
import { Introductions } from './introductions.ts'
import { listen } from './listen.ts'
import type { ListenOn } from './listen.ts'
import { connectionKey, peerAddress } from './socket-ends.ts'
import { readServerName } from './tls-contexts.ts'
import type { TlsContexts } from './tls-contexts.ts'
import { Transport } from './transport.ts'

/** Octets that may wait for a client: a read of a large body that it takes at once holds nothing up. */
const highWaterMark = 68 * 1024
/** Accepting ends after so many turns of the loop in which nobody came, or after so many in any case. */
const quietTurns = 2
const mostTurns = 10_000

/** Accepts connections on one port and speaks HTTP/1.1 on them. */
export class Listener {
  readonly #context: ConnectionContext
  /** Each accepts on a descriptor of its own. */
  #servers: readonly Server[] = []
  /** Makes the handshakes; it accepts nothing itself, since an introduction may come before. */
  readonly #secure: TlsServer | undefined
  readonly #tls: TlsContexts | undefined
  readonly #introductions: Introductions
  readonly #connections = new Set<Http1Connection>()
  /** Connections that HTTP/1.1 is not spoken on directly: introductions and handshakes under way, and those beneath TLS. */
  readonly #raw = new Set<Socket>()
  #accepted = 0
  /** Introductions and handshakes under way, by `connectionKey`. */
  readonly #pending = new Map<string, Waiting>()
  /** A new default context has keys of its own until it is given these. */
  #ticketKeys: Buffer | undefined
  /** The default pair in use; tables change far more often. */
  #defaultPair: string | undefined

  /** With `tls` every connection begins with a handshake, and where balancers introduce clients, before that with their header. */
  constructor(context: ConnectionContext, tls?: TlsContexts) {
    this.#context = context
    this.#tls = tls
    this.#introductions = new Introductions(context, tls === undefined ? 'http' : 'https')
    this.#secure = tls === undefined ? undefined : this.#createTlsServer(tls)
    this.#secure?.on('secureConnection', (socket: TLSSocket) => this.#secured(socket))
    context.descriptors.join('client', this)
  }

  #createTlsServer(tls: TlsContexts): TlsServer {
    const server = createTlsServer({
      ...contextOptions,
      ALPNProtocols: ['http/1.1'],
      handshakeTimeout: this.#context.settings.handshakeTimeout,
      SNICallback: selectBy(tls),
    })
    server.on('tlsClientError', (_, socket) => socket.destroy())
    return server
  }

  async listen(on: readonly ListenOn[]): Promise<void> {
    const pairs = on.map((each) => [this.#createServer(), each] as const)
    this.#servers = pairs.map(([server]) => server)
    await Promise.all(pairs.map(([server, each]) => listen(server, each)))
  }

  #createServer(): Server {
    return createServer({ allowHalfOpen: true, noDelay: true, highWaterMark })
      .on('connection', (socket: Socket) => this.#admit(socket))
      .on('error', () => undefined)
  }

  /**
   * Handshakes without a name go by this context, since no callback is asked about them. Throws, once, where OpenSSL does
   * not take the pair: the former one stays.
   */
  useDefault(tls: TlsContexts): void {
    const pair = tls.defaultPair
    if (pair === undefined || pair.id === this.#defaultPair) return
    this.#defaultPair = pair.id
    this.#secure?.setSecureContext({ ...contextOptions, cert: pair.cert, key: pair.key })
    if (this.#ticketKeys !== undefined) this.#secure?.setTicketKeys(this.#ticketKeys)
  }

  /** 48 octets that all workers share; tickets of earlier keys are no longer taken. */
  setTicketKeys(keys: Buffer): void {
    this.#ticketKeys = keys
    this.#secure?.setTicketKeys(keys)
  }

  get connections(): number {
    return this.#connections.size
  }

  /** Connections that came, those that were turned away among them. */
  get accepted(): number {
    return this.#accepted
  }

  get open(): number {
    return this.#tls === undefined ? this.#connections.size + this.#raw.size : this.#raw.size
  }

  /** Connections without an exchange, handshakes among them: at the limit of descriptors they go first. */
  *waiting(): Iterable<Waiting> {
    yield* this.#pending.values()
    for (const connection of this.#connections) {
      const { waitingSince } = connection
      if (waitingSince !== undefined) yield { waitingSince, destroy: () => connection.destroy() }
    }
  }

  /**
   * No further connections. The kernel resets what waits to be accepted when the last process closes the socket (nginx and
   * HAProxy close at once), so all that came before this call is taken first. What comes between the last look at the queue
   * and the close, some microseconds later, is reset all the same: only a socket that completes no more handshakes would
   * have none, and nothing that Node offers makes it one (a second `listen` with no backlog is out of reach, `shutdown`
   * resets the queue too).
   */
  stopAccepting(): void {
    this.#closeOnceQuiet(mostTurns, quietTurns)
  }

  /** A turn of the loop takes some connections, if there are any; the close follows right upon a turn that found none. */
  #closeOnceQuiet(turns: number, quiet: number): void {
    if (turns === 0 || quiet === 0) return this.#close()
    const accepted = this.#accepted
    setImmediate(() => this.#closeOnceQuiet(turns - 1, this.#accepted === accepted ? quiet - 1 : quietTurns))
  }

  #close(): void {
    for (const server of this.#servers) server.close()
  }

  /**
   * Resolves when no more connections are accepted and all have ended: busy ones after their answers, idle ones after a
   * while. Those that come in the meantime are served.
   */
  drain(): Promise<unknown> {
    for (const connection of this.#connections) connection.drain()
    return Promise.all(this.#servers.map(closed))
  }

  destroy(): void {
    for (const connection of [...this.#connections, ...this.#raw]) connection.destroy()
  }

  #admit(socket: Socket): void {
    this.#accepted++
    if (!this.#context.descriptors.makeRoom()) return void socket.destroy()
    const { expected } = this.#introductions
    if (!expected && this.#secure === undefined) return this.#accept(socket)
    this.#await(socket)
    if (expected) this.#introductions.meet(socket, (rest) => this.#introduced(socket, rest))
    else this.#shakeHands(socket)
  }

  /** Until there is an HTTP/1.1 connection: what waits at the door can be sent away. */
  #await(socket: Socket): void {
    const key = connectionKey(socket)
    this.#raw.add(socket)
    this.#pending.set(key, { waitingSince: this.#context.clock.now(), destroy: () => socket.destroy() })
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      this.#raw.delete(socket)
      this.#pending.delete(key)
    })
  }

  #introduced(socket: Socket, rest: Buffer): void {
    if (this.#secure === undefined) {
      this.#raw.delete(socket)
      this.#pending.delete(connectionKey(socket))
      return this.#accept(socket, rest)
    }
    if (rest.length > 0) socket.unshift(rest)
    this.#shakeHands(socket)
  }

  /** Who hangs up amid a handshake is gone at once; only afterwards may one side end before the other. */
  #shakeHands(socket: Socket): void {
    socket.allowHalfOpen = false
    this.#secure?.emit('connection', socket)
  }

  #secured(socket: TLSSocket): void {
    socket.allowHalfOpen = true
    this.#pending.delete(connectionKey(socket))
    this.#accept(socket)
  }

  /** `first`: octets that came already. */
  #accept(socket: Socket | TLSSocket, first?: Buffer): void {
    const address = this.#introductions.addressOf(socket) ?? peerAddress(socket)
    if (address === undefined) return void socket.destroy()
    const connection = new Http1Connection(this.#context, this.#clientOf(socket, address), () =>
      this.#connections.delete(connection),
    )
    this.#connections.add(connection)
    connection.open(new Transport(socket, connection, this.#context.readBuffers))
    if (this.#context.draining) connection.drain()
    if (first !== undefined && first.length > 0) connection.data(first, 0, first.length)
  }

  #clientOf(socket: Socket | TLSSocket, address: string): Client {
    if (!(socket instanceof TLSSocket)) return { address, scheme: 'http', sni: undefined, policy: undefined }
    const { servername } = socket
    const sni = readServerName(typeof servername === 'string' ? servername : undefined)
    return { address, scheme: 'https', sni, policy: this.#tls?.policyOf(sni) }
  }
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => server.once('close', resolve))
}

type SniDone = (error: Error | null, context?: SecureContext) => void

/** A callback that throws would end the process, so nothing may leave this one but an error (CVE-2026-21637). */
function selectBy(tls: TlsContexts): (this: TLSSocket, name: string, done: SniDone) => void {
  return function select(this: TLSSocket, name, done) {
    try {
      const accepts = (algorithm: string): boolean => this.getSharedSigalgs().join(' ').includes(algorithm)
      done(null, tls.select(readServerName(name), accepts))
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)))
    }
  }
}
