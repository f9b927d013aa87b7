import { BlockList, isIP, isIPv6 } from 'node:net'

import { normalAddress } from '../base/index.ts'
import { withoutBlanks } from '../http/index.ts'
import type { RequestHead } from '../http/index.ts'
import type { Client } from '../model/index.ts'

/** Elements of X-Forwarded-For that are looked at, from the right. */
const mostHops = 32

/** The peers that are believed when they say for whom they ask. Nobody is, unless named. */
export class TrustedProxies {
  readonly #list = new BlockList()
  readonly #any: boolean

  /** `ranges` that `isRange` accepts. */
  constructor(ranges: readonly string[]) {
    this.#any = ranges.length > 0
    for (const range of ranges) addRange(this.#list, range)
  }

  has(address: string): boolean {
    return this.#any && this.#list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
  }

  /**
   * Who asks: the peer itself, or, if it is trusted, the rightmost address of X-Forwarded-For that is not. A trusted peer
   * also says by which scheme it was asked; policies of TLS stay those of the connection.
   */
  clientOf(peer: Client, { forwarded }: RequestHead): Client {
    if (forwarded === undefined || !this.has(peer.address)) return peer
    const address = this.#lastUntrusted(forwarded.for, peer.address)
    const scheme = forwarded.proto ?? peer.scheme
    return address === peer.address && scheme === peer.scheme ? peer : { ...peer, address, scheme }
  }

  /** An element that is no address ends the search: what stands left of it was vouched for by nobody. */
  #lastUntrusted(list: string, peer: string): string {
    let last = peer
    for (const element of list.split(',').slice(-mostHops).toReversed()) {
      const address = readAddress(withoutBlanks(element))
      if (address === undefined) return last
      last = address
      if (!this.has(address)) return address
    }
    return last
  }
}

function addRange(list: BlockList, range: string): void {
  const [address = '', bits] = range.split('/')
  const family = isIPv6(address) ? 'ipv6' : 'ipv4'
  list.addSubnet(address, bits === undefined ? (family === 'ipv6' ? 128 : 32) : Number(bits), family)
}

/** An address as balancers write it: bare, with a port, IPv6 in brackets or not. */
function readAddress(text: string): string | undefined {
  const bare = /^\[([^\]]+)\](?::\d{1,5})?$/.exec(text)?.[1] ?? /^([\d.]+):\d{1,5}$/.exec(text)?.[1] ?? text
  return isIP(bare) === 0 || bare.includes('%') ? undefined : normalAddress(bare)
}
