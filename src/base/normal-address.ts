import { isIPv6, SocketAddress } from 'node:net'

const mapping = '::ffff:'

/**
 * The one way in which we write an address: IPv6 compressed and in lower case (RFC 5952), IPv4 in the clothes of IPv6 as
 * IPv4. Anything else, an address with a zone too, stays as it is.
 */
export function normalAddress(text: string): string {
  if (!isIPv6(text) || text.includes('%')) return text
  return withoutMapping(new SocketAddress({ address: text, family: 'ipv6' }).address)
}

/** Of an address as the system writes it: an IPv4 client of a `::` listener is an IPv4 client. */
export function withoutMapping(address: string): string {
  return address.startsWith(mapping) && address.includes('.') ? address.slice(mapping.length) : address
}
