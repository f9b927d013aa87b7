import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Server } from 'node:net'

import { bodyOf } from '../../support/load-upstream.ts'

/**
 * The program of a pod: tells who it is and what arrived. Told to end, it takes no new connection, finishes what it has
 * accepted, and ends. `DELAY` holds each answer back, in milliseconds. Paths under `/load/` have the one right answer of
 * the load client, and each POST is told to the kubelet.
 */
const { POD_NAME: pod, POD_NAMESPACE: namespace, POD_IP: address, PORT: port, DELAY: delay = '0' } = process.env

/** Milliseconds after which nobody sends to a pod that was told to end. */
const underWay = 1_000

function answer(request: IncomingMessage, response: ServerResponse): void {
  if (request.method === 'POST') process.send?.(request.url)
  let bodyBytes = 0
  request.on('data', (chunk: Buffer) => (bodyBytes += chunk.length))
  request.on('end', () => {
    const { method, url: path = '', rawHeaders } = request
    const headers = rawHeaders.flatMap((name, at) => (at % 2 === 0 ? [[name, rawHeaders[at + 1]]] : []))
    const told = { pod, namespace, method, path, host: request.headers.host, headers, bodyBytes }
    setTimeout(() => {
      response.setHeader('Content-Type', 'application/json')
      response.end(path.startsWith('/load/') ? bodyOf(path) : JSON.stringify(told))
    }, Number(delay))
  })
}

const server = createServer(answer)
server.listen(Number(port), address, () => process.send?.('listening'))
process.on('disconnect', () => process.exit(1))

let accepted = 0
server.on('connection', () => accepted++)

/** Connections that wait to be accepted would be reset: they are taken first, until a turn of the loop brings none. */
function closeOnceQuiet(before: number): void {
  // `close` of an HTTP server would cut idle connections too, on which a request may be under way already.
  if (accepted === before) Server.prototype.close.call(server, () => process.exit(0))
  else setImmediate(closeOnceQuiet, accepted)
}

function finish(): void {
  closeOnceQuiet(-1)
  server.prependListener('request', (_, response) => response.setHeader('Connection', 'close'))
  setTimeout(() => server.closeIdleConnections(), underWay)
}

process.on('SIGTERM', finish)
