import { chunked } from '../http/index.ts'
import type { RequestHead } from '../http/index.ts'
import type { Client } from '../model/index.ts'

/** The ports that clients use, whatever the ports that we listen on. */
export interface PublicPorts {
  readonly publicHttpPort: number
  readonly publicHttpsPort: number
}

/**
 * The whole head that goes upstream: generated, never copied. Host comes first (RFC 9110 7.2), then the client's fields
 * as it wrote them, then framing and the fields that are ours alone to set.
 */
export function printUpstreamHead(request: RequestHead, client: Client, requestId: string, ports: PublicPorts): string {
  const { method, path, query, authority, lines } = request
  const host = authority?.text ?? ''
  return `${method} ${path}${query} HTTP/1.1\r\nHost: ${host}\r\n${lines}${printFraming(request)}${printForwarding(client, requestId, host, ports)}X-Lintel-Hops: ${request.hops + 1}\r\n${printConnection(request)}\r\n`
}

function printFraming({ bodyLength, lengthGiven }: RequestHead): string {
  if (bodyLength === chunked) return 'Transfer-Encoding: chunked\r\n'
  return bodyLength > 0 || lengthGiven ? `Content-Length: ${bodyLength}\r\n` : ''
}

function printForwarding(client: Client, requestId: string, host: string, ports: PublicPorts): string {
  const { address, scheme } = client
  const port = scheme === 'https' ? ports.publicHttpsPort : ports.publicHttpPort
  return `X-Request-ID: ${requestId}\r\nX-Real-IP: ${address}\r\nX-Forwarded-For: ${address}\r\nX-Forwarded-Host: ${host}\r\nX-Forwarded-Port: ${port}\r\nX-Forwarded-Proto: ${scheme}\r\nX-Forwarded-Scheme: ${scheme}\r\nX-Scheme: ${scheme}\r\n`
}

/** Fields of this connection: the switch to WebSocket, or that trailers are welcome. */
function printConnection({ websocket, acceptsTrailers }: RequestHead): string {
  if (websocket) return 'Connection: upgrade\r\nUpgrade: websocket\r\n'
  return acceptsTrailers ? 'Connection: TE\r\nTE: trailers\r\n' : ''
}
