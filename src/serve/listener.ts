import { createServer } from 'node:net'
import type { Server, Socket } from 'node:net'
import { createServer as createTlsServer, TLSSocket } from 'node:tls'
import type { SecureContext, Server as TlsServer } from 'node:tls'

import type { Client } from '../model/index.ts'
import type { ConnectionContext } from './connection-context.ts'
import type { Waiting } from './descriptor-budget.ts'
import { Http1Connection } from './http1-connection.ts'
import { listen } from './listen.ts'
import type { ListenOn } from './listen.ts'
import { contextOptions, readServerName } from './tls-contexts.ts'
import type { TlsContexts } from './tls-contexts.ts'
import { Transport } from './transport.ts'

/** Accepting ends after so many turns of the loop in which nobody came, or after so many in any case. */
const quietTurns = 2
const mostTurns = 10_000

/** Accepts connections on one port and speaks HTTP/1.1 on them. */
export class Listener {
  readonly #context: ConnectionContext
  readonly #server: Server | TlsServer
  readonly #tls: TlsContexts | undefined
  readonly #connections = new Set<Http1Connection>()
  /** Connections beneath TLS, handshakes under way among them. */
  readonly #raw = new Set<Socket>()
  #accepted = 0
  /** Those under way, by the address of the peer. */
  readonly #handshakes = new Map<string, Waiting>()
  /** A new default context has keys of its own until it is given these. */
  #ticketKeys: Buffer | undefined
  /** The default pair in use; tables change far more often. */
  #defaultPair: string | undefined

  /** With `tls` every connection begins with a handshake. */
  constructor(context: ConnectionContext, tls?: TlsContexts) {
    this.#context = context
    this.#tls = tls
    this.#server = tls === undefined ? createServer({ allowHalfOpen: true, noDelay: true }) : this.#createTlsServer(tls)
    this.#server.on('connection', (socket: Socket) => this.#admit(socket))
    if (tls !== undefined) this.#server.on('secureConnection', (socket: TLSSocket) => this.#secured(socket))
    this.#server.on('error', () => undefined)
    context.descriptors.join(this)
  }

  #createTlsServer(tls: TlsContexts): TlsServer {
    const server = createTlsServer({
      ...contextOptions,
      allowHalfOpen: true,
      noDelay: true,
      ALPNProtocols: ['http/1.1'],
      handshakeTimeout: this.#context.settings.handshakeTimeout,
      SNICallback: selectBy(tls),
    })
    server.on('tlsClientError', (_, socket) => socket.destroy())
    return server
  }

  listen(on: ListenOn): Promise<void> {
    return listen(this.#server, on)
  }

  /** Handshakes without a name go by this context, since no callback is asked about them. */
  useDefault(tls: TlsContexts): void {
    const pair = tls.defaultPair
    if (pair === undefined || pair.id === this.#defaultPair || !('setSecureContext' in this.#server)) return
    this.#defaultPair = pair.id
    this.#server.setSecureContext({ ...contextOptions, cert: pair.cert, key: pair.key })
    if (this.#ticketKeys !== undefined) this.#server.setTicketKeys(this.#ticketKeys)
  }

  /** 48 octets that all workers share; tickets of earlier keys are no longer taken. */
  setTicketKeys(keys: Buffer): void {
    this.#ticketKeys = keys
    if ('setTicketKeys' in this.#server) this.#server.setTicketKeys(keys)
  }

  get connections(): number {
    return this.#connections.size
  }

  get open(): number {
    return this.#tls === undefined ? this.#connections.size : this.#raw.size
  }

  /** Connections without an exchange, handshakes among them: at the limit of descriptors they go first. */
  *waiting(): Iterable<Waiting> {
    yield* this.#handshakes.values()
    for (const connection of this.#connections) {
      const { waitingSince } = connection
      if (waitingSince !== undefined) yield { waitingSince, destroy: () => connection.destroy() }
    }
  }

  /** No further connections. Those that wait to be accepted would be reset, so they are taken first. */
  stopAccepting(): void {
    this.#closeOnceQuiet(mostTurns, quietTurns)
  }

  /** A turn of the loop takes one connection, if there is one. */
  #closeOnceQuiet(turns: number, quiet: number): void {
    if (turns === 0 || quiet === 0) return void this.#server.close()
    const accepted = this.#accepted
    setImmediate(() => this.#closeOnceQuiet(turns - 1, this.#accepted === accepted ? quiet - 1 : quietTurns))
  }

  /**
   * Resolves when no more connections are accepted and all have ended: busy ones after their answers, idle ones after a
   * while. Those that come in the meantime are served.
   */
  drain(): Promise<void> {
    for (const connection of this.#connections) connection.drain()
    return new Promise((resolve) => this.#server.once('close', resolve))
  }

  destroy(): void {
    for (const connection of [...this.#connections, ...this.#raw]) connection.destroy()
  }

  #admit(socket: Socket): void {
    this.#accepted++
    if (!this.#context.descriptors.makeRoom()) return void socket.destroy()
    if (this.#tls === undefined) return this.#accept(socket)
    const peer = peerOf(socket)
    this.#raw.add(socket)
    this.#handshakes.set(peer, { waitingSince: this.#context.clock.now(), destroy: () => socket.destroy() })
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      this.#raw.delete(socket)
      this.#handshakes.delete(peer)
    })
  }

  #secured(socket: TLSSocket): void {
    this.#handshakes.delete(peerOf(socket))
    this.#accept(socket)
  }

  #accept(socket: Socket | TLSSocket): void {
    const { remoteAddress } = socket
    if (remoteAddress === undefined) return void socket.destroy()
    const connection = new Http1Connection(this.#context, this.#clientOf(socket, remoteAddress), () =>
      this.#connections.delete(connection),
    )
    this.#connections.add(connection)
    connection.open(new Transport(socket, connection, this.#context.readBuffers))
    if (this.#context.draining) connection.drain()
  }

  #clientOf(socket: Socket | TLSSocket, remoteAddress: string): Client {
    const address = remoteAddress.startsWith('::ffff:') ? remoteAddress.slice('::ffff:'.length) : remoteAddress
    if (!(socket instanceof TLSSocket)) return { address, scheme: 'http', sni: undefined, policy: undefined }
    const { servername } = socket
    const sni = readServerName(typeof servername === 'string' ? servername : undefined)
    return { address, scheme: 'https', sni, policy: this.#tls?.policyOf(sni) }
  }
}

function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`
}

type SniDone = (error: Error | null, context?: SecureContext) => void

/** A callback that throws would end the process, so nothing may leave this one but an error (CVE-2026-21637). */
function selectBy(tls: TlsContexts): (this: TLSSocket, name: string, done: SniDone) => void {
  return function select(this: TLSSocket, name, done) {
    try {
      const algorithms = this.getSharedSigalgs().join(' ')
      done(
        null,
        tls.select(readServerName(name), (algorithm) => algorithms.includes(algorithm)),
      )
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)))
    }
  }
}
