import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'

/**
 * The program of a pod: tells who it is and what arrived. Told to end, it takes no new connection, finishes what it has
 * accepted, and ends. `DELAY` holds each answer back, in milliseconds.
 */
const { POD_NAME: pod, POD_NAMESPACE: namespace, POD_IP: address, PORT: port, DELAY: delay = '0' } = process.env

function answer(request: IncomingMessage, response: ServerResponse): void {
  let bodyBytes = 0
  request.on('data', (chunk: Buffer) => (bodyBytes += chunk.length))
  request.on('end', () => {
    const { method, url: path, rawHeaders } = request
    const headers = rawHeaders.flatMap((name, at) => (at % 2 === 0 ? [[name, rawHeaders[at + 1]]] : []))
    const told = { pod, namespace, method, path, host: request.headers.host, headers, bodyBytes }
    setTimeout(() => {
      response.setHeader('Content-Type', 'application/json')
      response.end(JSON.stringify(told))
    }, Number(delay))
  })
}

const server = createServer(answer)
server.listen(Number(port), address, () => process.send?.('listening'))
process.on('disconnect', () => process.exit(1))
process.on('SIGTERM', () => server.close(() => process.exit(0)))
