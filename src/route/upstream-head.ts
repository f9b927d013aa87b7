import { chunked } from '../http/index.ts'
import type { RequestHead } from '../http/index.ts'
import type { Client } from '../model/index.ts'

/** The ports that clients use, whatever the ports that we listen on. */
export interface PublicPorts {
  readonly publicHttpPort: number
  readonly publicHttpsPort: number
}

/**
 * Prints the whole head that goes upstream: generated, never copied. Host comes first (RFC 9110 7.2), then the client's
 * fields as it wrote them, then framing and the fields that are ours alone to set. Of each client it is remembered what
 * does not change from one request to the next.
 */
export class UpstreamHeadPrinter {
  readonly #ports: PublicPorts
  readonly #forwarding = new WeakMap<Client, { readonly host: string; readonly text: string }>()

  constructor(ports: PublicPorts) {
    this.#ports = ports
  }

  print(request: RequestHead, client: Client, requestId: string): string {
    return printHead(request, requestId, this.#forwardingOf(client, request.authority?.text ?? ''))
  }

  #forwardingOf(client: Client, host: string): string {
    const known = this.#forwarding.get(client)
    if (known?.host === host) return known.text
    // One piece of text is copied faster than a text that is still a chain of pieces.
    const text = Buffer.from(printForwarding(client, host, this.#ports), 'latin1').toString('latin1')
    this.#forwarding.set(client, { host, text })
    return text
  }
}

function printHead(request: RequestHead, requestId: string, forwarding: string): string {
  const { method, path, query, authority, lines, hops } = request
  return `${method} ${path}${query} HTTP/1.1\r\nHost: ${authority?.text ?? ''}\r\n${lines}${printFraming(request)}X-Request-ID: ${requestId}\r\n${forwarding}X-Lintel-Hops: ${hops + 1}\r\n${printConnection(request)}\r\n`
}

function printFraming({ bodyLength, lengthGiven }: RequestHead): string {
  if (bodyLength === chunked) return 'Transfer-Encoding: chunked\r\n'
  return bodyLength > 0 || lengthGiven ? `Content-Length: ${bodyLength}\r\n` : ''
}

function printForwarding(client: Client, host: string, ports: PublicPorts): string {
  const { address, scheme } = client
  const port = scheme === 'https' ? ports.publicHttpsPort : ports.publicHttpPort
  return `X-Real-IP: ${address}\r\nX-Forwarded-For: ${address}\r\nX-Forwarded-Host: ${host}\r\nX-Forwarded-Port: ${port}\r\nX-Forwarded-Proto: ${scheme}\r\nX-Forwarded-Scheme: ${scheme}\r\nX-Scheme: ${scheme}\r\n`
}

/** Fields of this connection: the switch to WebSocket, or that trailers are welcome. */
function printConnection({ websocket, acceptsTrailers }: RequestHead): string {
  if (websocket) return 'Connection: upgrade\r\nUpgrade: websocket\r\n'
  return acceptsTrailers ? 'Connection: TE\r\nTE: trailers\r\n' : ''
}
