import { isIPv4 } from 'node:net'

/** How a connection begins, as a balancer in front would begin it. */
export interface Introduction {
  /** The address of this machine that connects. */
  readonly peer: string
  /** A header of the PROXY protocol, or nothing. */
  readonly octets: Buffer
  /** Whom it names as the client: the peer, unless the header says otherwise. */
  readonly client: string
}

const loopback = '127.0.0.1'
const signature = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1')
const [local, proxied] = [0x20, 0x21]
const [tcp4, tcp6] = [0x11, 0x21]
const ports = Buffer.from([0x16, 0x2e, 0, 80])

/**
 * Reads a cell of a feature page: nothing, a line of version 1 such as `PROXY TCP4 203.0.113.9 192.0.2.1 5678 80`, or
 * `version 2, LOCAL` and `version 2, PROXY 203.0.113.9`. `from 127.0.0.2: …` connects from that address.
 */
export function introductionOf(cell: string): Introduction {
  const [, peer = loopback, said = ''] = /^(?:from (\S+):)? ?(.*)$/.exec(cell) ?? []
  const [, words] = /^version 2, (.+)$/.exec(said) ?? []
  const [, client = peer] = /(?:TCP\d|version 2, PROXY) (\S+)/.exec(said) ?? []
  if (said === '') return { peer, octets: Buffer.alloc(0), client }
  if (words === undefined) return { peer, octets: Buffer.from(`${said}\r\n`, 'latin1'), client }
  return { peer, octets: words === 'LOCAL' ? printV2(local, 0, []) : printAddress(client), client }
}

function printAddress(client: string): Buffer {
  const octets = isIPv4(client) ? client.split('.').map(Number) : octetsOfIPv6(client)
  // The balancer's own address matters to nobody: it stands there as the client's.
  return printV2(proxied, isIPv4(client) ? tcp4 : tcp6, [...octets, ...octets, ...ports])
}

function printV2(command: number, family: number, rest: readonly number[]): Buffer {
  return Buffer.concat([signature, Buffer.from([command, family, rest.length >> 8, rest.length & 0xff, ...rest])])
}

function octetsOfIPv6(address: string): number[] {
  const [before = [], after = []] = address.split('::').map((half) => half.split(':').filter((group) => group !== ''))
  const groups = [...before, ...Array.from({ length: 8 - before.length - after.length }, () => '0'), ...after]
  return groups.map((group) => Number.parseInt(group, 16)).flatMap((group) => [group >> 8, group & 0xff])
}
