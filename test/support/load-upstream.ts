import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** The one right answer to a path: any other body, or another request's body, has another hash. */
export function bodyOf(path: string): string {
  return `${createHash('sha256').update(path).digest('hex')}\n`.repeat(8)
}

export interface LoadUpstream {
  readonly port: number
  /** How often each `METHOD PATH` arrived. */
  readonly deliveries: ReadonlyMap<string, number>
  readonly server: Server
  close(): Promise<void>
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  const body = bodyOf(request.url ?? '')
  response.writeHead(200, { 'Content-Type': 'text/plain', 'Content-Length': body.length }).end(body)
}

/** Answers each path with its one right body, after `delay` milliseconds. `before` may answer instead: it says true. */
export async function startLoadUpstream(
  options: {
    readonly address?: string
    readonly port?: number
    readonly delay?: number
    readonly before?: (...args: Parameters<RequestListener>) => boolean
  } = {},
): Promise<LoadUpstream> {
  const deliveries = new Map<string, number>()
  const server = createServer((request, response) => {
    const key = `${request.method} ${request.url}`
    deliveries.set(key, (deliveries.get(key) ?? 0) + 1)
    request.resume()
    if (options.before?.(request, response) === true) return
    if (options.delay === undefined) answer(request, response)
    else setTimeout(() => answer(request, response), options.delay)
  })
  server.listen({ port: options.port ?? 0, host: options.address ?? '127.0.0.1', backlog: 4_096 })
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    deliveries,
    server,
    close: async () => {
      server.closeAllConnections()
      server.close()
      if (server.listening) await once(server, 'close')
    },
  }
}
