import { lookup } from 'node:dns'
import type { LookupAddress } from 'node:dns'
import { BlockList, isIPv6 } from 'node:net'
import type { LookupFunction } from 'node:net'

/** Where no name may lead: this machine, its links, its cloud's metadata (request forgery through ExternalName). */
const forbidden = new BlockList()
forbidden.addSubnet('0.0.0.0', 8, 'ipv4')
forbidden.addSubnet('127.0.0.0', 8, 'ipv4')
forbidden.addSubnet('169.254.0.0', 16, 'ipv4')
forbidden.addSubnet('::', 127, 'ipv6')
forbidden.addSubnet('fe80::', 10, 'ipv6')
forbidden.addSubnet('::ffff:127.0.0.0', 104, 'ipv6')
forbidden.addSubnet('::ffff:169.254.0.0', 112, 'ipv6')
forbidden.addAddress('fd00:ec2::254', 'ipv6')
forbidden.addAddress('100.100.100.200', 'ipv4')
forbidden.addAddress('168.63.129.16', 'ipv4')

export function isForbidden(address: string): boolean {
  return forbidden.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
}

/** Resolves a name as the system does, and leaves out addresses that no name may lead to. Never asked for literals. */
export const guardedLookup: LookupFunction = (name, options, done) => {
  lookup(name, { ...options, all: true }, (error, found: LookupAddress[]) => {
    const allowed = error === null ? found.filter(({ address }) => !isForbidden(address)) : []
    const [first] = allowed
    if (error !== null || first === undefined)
      return done(error ?? new Error(`${name}: no address that may be dialled`), '', 0)
    if (options.all === true) return done(null, allowed)
    return done(null, first.address, first.family)
  })
}
