import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { ListenOptions } from 'node:net'

import { ConnectionLimit } from '../base/index.ts'
import { expositionType, printExposition } from './exposition.ts'
import type { Facts } from './facts.ts'
import { isLocal } from './local-request.ts'
import { metrics } from './metrics.ts'

/** Whoever asks has little to say, and says it at once. */
const limits = {
  maxHeaderSize: 32 * 1024,
  headersTimeout: 5_000,
  requestTimeout: 5_000,
  connectionsCheckingInterval: 1_000,
}
/** More are open at once only if somebody holds them: the kubelet and whoever collects metrics must still be answered. */
const mostConnections = 512

const plainText = 'text/plain; charset=utf-8'

interface Page {
  readonly status: number
  readonly type: string
  readonly text: string
}

/** What the admin server shows; it asks anew for each request. */
export interface Shown {
  readonly facts: () => Facts
  /** Says where the request that a query describes goes, as JSON. Never asked for somebody on another machine. */
  readonly explain: (query: URLSearchParams) => { readonly status: number; readonly told: unknown }
}

/**
 * Health and metrics for whoever can reach the port, and explanations, which show objects, for this machine alone. It
 * changes nothing, and nothing that it shows is secret.
 */
export class AdminServer {
  readonly #shown: Shown
  readonly #server: Server

  constructor(shown: Shown) {
    this.#shown = shown
    this.#server = createServer(limits, (request, response) => this.#answer(request, response))
    const limit = new ConnectionLimit(mostConnections)
    this.#server.on('connection', (socket) => limit.admit(socket))
    // One that cannot be accepted, since descriptors ran out, is no reason to end.
    this.#server.on('error', () => undefined)
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

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { status, type, text } = this.#pageFor(request)
    response.writeHead(status, {
      'Content-Type': type,
      'Content-Length': Buffer.byteLength(text),
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      ...(status === 405 && { Allow: 'GET, HEAD' }),
      Connection: 'close',
    })
    response.end(text)
  }

  #pageFor(request: IncomingMessage): Page {
    if (request.method !== 'GET' && request.method !== 'HEAD') return say(405, 'only GET and HEAD are answered')
    const [path, query] = splitOnce(request.url ?? '')
    switch (path) {
      case '/livez':
        return say(200, 'ok')
      case '/readyz':
      case '/healthz':
        return this.#shown.facts().ready ? say(200, 'ok') : say(503, 'not ready')
      case '/metrics':
        return { status: 200, type: expositionType, text: printExposition(metrics, this.#shown.facts()) }
      case '/explain':
        return this.#explain(request, query)
      default:
        return say(404, 'there are /livez, /readyz, /healthz, /metrics and /explain')
    }
  }

  #explain(request: IncomingMessage, query: string): Page {
    if (!isLocal(request)) return say(403, 'explanations are for this machine alone')
    const { status, told } = this.#shown.explain(new URLSearchParams(query))
    return { status, type: 'application/json', text: `${JSON.stringify(told)}\n` }
  }
}

function say(status: number, text: string): Page {
  return { status, type: plainText, text: `${text}\n` }
}

function splitOnce(target: string): [path: string, query: string] {
  const at = target.indexOf('?')
  return at < 0 ? [target, ''] : [target.slice(0, at), target.slice(at + 1)]
}
