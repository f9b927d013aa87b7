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
  readonly #forwarding = new WeakMap<Client, Forwarding>()

  constructor(ports: PublicPorts) {
    this.#ports = ports
  }

  print(request: RequestHead, client: Client, requestId: string): string {
    const { method, path, query, authority, lines, hops } = request
    const { beforeHost, afterHost } = this.#forwardingOf(client)
    const host = authority?.text ?? ''
    return `${method} ${path}${query} HTTP/1.1\r\nHost: ${host}\r\n${lines}${printFraming(request)}X-Request-ID: ${requestId}${beforeHost}${host}${afterHost}${hops + 1}\r\n${printConnection(request)}\r\n`
  }

  #forwardingOf(client: Client): Forwarding {
    const known = this.#forwarding.get(client)
    if (known !== undefined) return known
    const forwarding = printForwarding(client, this.#ports)
    this.#forwarding.set(client, forwarding)
    return forwarding
  }
}

/** What all requests of a client have in common, around their host. */
interface Forwarding {
  readonly beforeHost: string
  readonly afterHost: string
}

function printFraming({ bodyLength, lengthGiven }: RequestHead): string {
  if (bodyLength === chunked) return 'Transfer-Encoding: chunked\r\n'
  return bodyLength > 0 || lengthGiven ? `Content-Length: ${bodyLength}\r\n` : ''
}

function printForwarding({ address, scheme }: Client, ports: PublicPorts): Forwarding {
  const port = scheme === 'https' ? ports.publicHttpsPort : ports.publicHttpPort
  return {
    beforeHost: `\r\nX-Real-IP: ${address}\r\nX-Forwarded-For: ${address}\r\nX-Forwarded-Host: `,
    afterHost: `\r\nX-Forwarded-Port: ${port}\r\nX-Forwarded-Proto: ${scheme}\r\nX-Forwarded-Scheme: ${scheme}\r\nX-Scheme: ${scheme}\r\nX-Lintel-Hops: `,
  }
}

/** Fields of this connection: the switch to WebSocket, or that trailers are welcome. */
function printConnection({ websocket, acceptsTrailers }: RequestHead): string {
  if (websocket) return 'Connection: upgrade\r\nUpgrade: websocket\r\n'
  return acceptsTrailers ? 'Connection: TE\r\nTE: trailers\r\n' : ''
}
