import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { Socket } from 'node:net'

import { openPipe } from './fleet/index.ts'
import type { Pipe } from './fleet/index.ts'
import type { EchoReply, EchoRequest } from './model/index.ts'
import type { ChildMessage } from './serve-options.ts'

/** The echo process: one small HTTP server for each backend that it stands in for, on a loopback port of its own. */
process.title = 'lintel: echo'

const servers = new Map<string, Server>()
const headLimit = 128 * 1024

/** What a client is told: which backend answered, and the request as it arrived. */
function echo(key: string, request: IncomingMessage, response: ServerResponse): void {
  const [, namespace = '', service = '', port = ''] = /^(.*)\/(.*):(.*)$/.exec(key) ?? []
  let bodyBytes = 0
  request.on('data', (chunk: Buffer) => (bodyBytes += chunk.length))
  request.on('end', () => {
    const { method, url: path, rawHeaders } = request
    const headers = rawHeaders.flatMap((name, at) => (at % 2 === 0 ? [[name, rawHeaders[at + 1]]] : []))
    const host = request.headers.host ?? ''
    const answer = { service, namespace, port, pod: `${service}-echo`, method, path, host, headers, bodyBytes }
    const body = `${JSON.stringify(answer, undefined, 2)}\n`
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) })
    response.end(body)
  })
}

function start(key: string): Promise<void> {
  const server = createServer({ maxHeaderSize: headLimit }, (request, response) => echo(key, request, response))
  servers.set(key, server)
  return new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
}

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** Servers are started as they are wanted, and stopped when they are no longer. */
async function listenFor(keys: readonly string[], pipe: Pipe<EchoReply>): Promise<void> {
  const wanted = new Set(keys)
  for (const [key, server] of servers) {
    if (wanted.has(key)) continue
    servers.delete(key)
    server.close()
  }
  await Promise.all(keys.filter((key) => !servers.has(key)).map(start))
  pipe.send({ type: 'listening', ports: [...servers].map(([key, server]) => [key, portOf(server)]) })
}

function join(socket: Socket): Pipe<EchoReply> {
  const pipe = openPipe<EchoRequest, EchoReply>(socket, {
    message: (message) => void (message.type === 'want' && listenFor(message.keys, pipe)),
    closed: () => undefined,
  })
  return pipe
}

process.on('message', (message: ChildMessage, handle?: Socket) => {
  if (message.type === 'start') for (const [, fd] of message.pipes) join(new Socket({ fd }))
  if (message.type === 'peer' && handle !== undefined) join(handle).send({ type: 'listening', ports: [] })
})
process.on('disconnect', () => process.exit(0))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined)
