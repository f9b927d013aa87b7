import type { Socket } from 'node:net'

import { withoutMapping } from '../base/index.ts'

/** The address of the peer; an IPv4 client of a `::` listener as IPv4. Undefined once it has gone. */
export function peerAddress({ remoteAddress }: Socket): string | undefined {
  return remoteAddress === undefined ? undefined : withoutMapping(remoteAddress)
}

/**
 * Names an open connection: both its ends, since one port of a peer may be connected to several addresses and ports of
 * ours at once. A TLS socket is named as the one beneath it.
 */
export function connectionKey({ remoteAddress, remotePort, localAddress, localPort }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localAddress} ${localPort}`
}
