import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { connect } from 'node:tls'

const host = '127.0.0.1'
const beginning = /^(GET|POST|PUT|PATCH|DELETE) /

/**
 * Stands before the API server and tells when it is asked: it takes plain HTTP, so that it can read along, and speaks TLS to
 * the server. Its clients send no request before the last one is answered. A connection on which none comes counts as
 * one: somebody wanted to ask.
 */
export class CountingProxy {
  /** When each request came, by the monotonic clock. */
  readonly times: number[] = []
  readonly #target: number
  readonly #certificate: string
  readonly #server: Server
  readonly #clients = new Set<Socket>()

  constructor(target: number, certificate: string) {
    this.#target = target
    this.#certificate = certificate
    this.#server = createServer((client) => this.#join(client))
  }

  get url(): string {
    return `http://${host}:${(this.#server.address() as AddressInfo).port}`
  }

  async open(): Promise<void> {
    this.#server.listen(0, host)
    await once(this.#server, 'listening')
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    for (const client of this.#clients) client.destroy()
    await closed
  }

  /** Whatever ends one side ends the other. */
  #join(client: Socket): void {
    const begun = performance.now()
    let requests = 0
    const server = connect({ port: this.#target, host, ca: this.#certificate })
    this.#clients.add(client)
    client.on('data', (octets) => {
      if (!beginning.test(octets.toString('latin1', 0, 8))) return
      requests++
      this.times.push(performance.now())
    })
    client.on('close', () => {
      if (requests === 0) this.times.push(begun)
      this.#clients.delete(client)
      server.destroy()
    })
    client.on('error', () => undefined).pipe(server)
    server.on('error', () => undefined).on('close', () => client.destroy())
    server.pipe(client)
  }
}
