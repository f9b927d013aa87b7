import { isIP, isIPv4 } from 'node:net'

import { normalAddress } from './normal-address.ts'

const bitsOfMapping = 96

/**
 * Whether a text is `ADDR` or `ADDR/BITS`. In the clothes of IPv6 an IPv4 address has 96 bits more; a range of fewer would
 * hold all of IPv4, which nobody means who writes one address of it.
 */
export function isRange(text: string): boolean {
  const [address = '', bits, more] = text.split('/')
  const family = isIP(address)
  if (family === 0 || more !== undefined || address.includes('%')) return false
  const least = family === 6 && isIPv4(normalAddress(address)) ? bitsOfMapping : 0
  const most = family === 4 ? 32 : 128
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) >= least && Number(bits) <= most)
}
