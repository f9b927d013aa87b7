import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { Server } from 'node:https'
import type { ListenOptions } from 'node:net'

import { ConnectionLimit } from '../base/index.ts'
import type { CertificatePair } from '../certificates/index.ts'
import { largestBody, ReviewBodies } from './review-bodies.ts'
import type { Reviewed } from './reviewer.ts'

/** The path under which ingress-nginx was asked too. */
export const reviewPath = '/networking/v1/ingresses'

/** The API server waits for a few seconds at most, and keeps its connections. */
const limits = {
  minVersion: 'TLSv1.2',
  handshakeTimeout: 5_000,
  maxHeaderSize: 16 * 1024,
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  keepAliveTimeout: 60_000,
  connectionsCheckingInterval: 1_000,
} as const
const mostConnections = 64

/**
 * Answers reviews over HTTPS. It reads strictly, since whoever reaches the port can ask, and changes nothing. Each review
 * has a turn of the loop to itself, so that a crowd of them does not hold up what is served.
 */
export class AdmissionServer {
  readonly #review: (text: string) => Reviewed
  readonly #server: Server
  readonly #bodies = new ReviewBodies()
  readonly #limit = new ConnectionLimit(mostConnections)
  #last: Promise<void> = Promise.resolve()

  constructor(review: (text: string) => Reviewed) {
    this.#review = review
    this.#server = createServer(limits, (request, response) => this.#take(request, response))
    this.#server.on('connection', (socket) => this.#limit.admit(socket))
    // One that cannot be accepted, since descriptors ran out, is no reason to end.
    this.#server.on('error', () => undefined)
  }

  /** From now on this certificate is shown; connections that are open stay. */
  show({ chain, key }: CertificatePair): void {
    this.#server.setSecureContext({ ...limits, cert: chain, key })
  }

  listen(on: ListenOptions | { readonly fd: number }): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(on, resolve)
    })
  }

  close(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }

  /** Whatever goes wrong costs that connection, and then the policy of the webhook decides. */
  #take(request: IncomingMessage, response: ServerResponse): void {
    this.#limit.heard(request.socket)
    this.#answer(request, response).catch(() => response.destroy())
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refused = refusalOf(request)
    if (refused !== undefined) return send(response, say(...refused), true)
    const body = await this.#bodies.read(request)
    if (body === undefined) return
    if ('status' in body) return send(response, say(body.status, bodyFaults[body.status]), true)
    await this.#turn()
    try {
      if (!response.destroyed) send(response, this.#review(body.text), false)
    } finally {
      body.release()
    }
  }

  #turn(): Promise<void> {
    this.#last = this.#last.then(() => new Promise((resolve) => setImmediate(resolve)))
    return this.#last
  }
}

const bodyFaults = {
  400: 'the body is not UTF-8',
  413: `the body is larger than ${largestBody} octets`,
  503: 'too many reviews at once',
} as const

/** What is wrong with a head. */
function refusalOf({ method, url, headers }: IncomingMessage): [status: number, text: string] | undefined {
  const [path] = (url ?? '').split('?')
  if (path !== reviewPath) return [404, `reviews are answered under ${reviewPath}`]
  if (method !== 'POST') return [405, 'only POST is answered']
  const [type = ''] = (headers['content-type'] ?? '').split(';')
  if (type.trim().toLowerCase() !== 'application/json') return [415, 'Content-Type: application/json wanted']
  if (headers['content-encoding'] !== undefined) return [415, 'no Content-Encoding wanted: no body is decompressed']
  if (Number(headers['content-length'] ?? 0) > largestBody) return [413, bodyFaults[413]]
  return undefined
}

function say(status: number, text: string): Reviewed {
  return { status, type: 'text/plain; charset=utf-8', text: `${text}\n` }
}

/** Where the rest of a request was not read, its connection is of no more use. */
function send(response: ServerResponse, { status, type, text }: Reviewed, last: boolean): void {
  response.writeHead(status, {
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    ...(status === 405 && { Allow: 'POST' }),
    ...(last && { Connection: 'close' }),
  })
  response.end(text)
}
