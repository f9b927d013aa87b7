import { BlockList, isIPv6 } from 'node:net'

type Subnet = readonly [network: string, prefix: number, family: 'ipv4' | 'ipv6']

const linkLocal = listOf([
  ['169.254.0.0', 16, 'ipv4'],
  ['fe80::', 10, 'ipv6'],
])
const loopback = listOf([
  ['127.0.0.0', 8, 'ipv4'],
  ['::1', 128, 'ipv6'],
])
/** Of AWS, Alibaba Cloud and Azure; those of the other clouds are link-local. */
const metadata = listOf([
  ['fd00:ec2::254', 128, 'ipv6'],
  ['100.100.100.200', 32, 'ipv4'],
  ['168.63.129.16', 32, 'ipv4'],
])
const noHost = listOf([
  ['0.0.0.0', 8, 'ipv4'],
  ['224.0.0.0', 4, 'ipv4'],
  ['255.255.255.255', 32, 'ipv4'],
  ['::', 128, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
])
const mapped = listOf([['::ffff:0:0', 96, 'ipv6']])

/** Addresses of a link, where clouds keep their metadata, in every spelling: IPv4 inside IPv6 counts too. */
export function isLinkLocal(address: string): boolean {
  return linkLocal.check(address, familyOf(address))
}

/** Where clouds keep their metadata, if not on the link: whoever asks there is given credentials of the machine. */
export function isMetadata(address: string): boolean {
  return metadata.check(address, familyOf(address))
}

/** Addresses of this machine alone, where its own ports and those of its neighbours in the pod are. */
export function isLoopback(address: string): boolean {
  return loopback.check(address, familyOf(address))
}

/** Unspecified, multicast and broadcast addresses, which no single host has. */
export function isOfNoHost(address: string): boolean {
  return noHost.check(address, familyOf(address))
}

/** An IPv4 address in the clothes of an IPv6 address (RFC 4291 2.5.5.2). */
export function isMappedIPv4(address: string): boolean {
  return mapped.check(address, familyOf(address))
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv6(address) ? 'ipv6' : 'ipv4'
}

function listOf(subnets: readonly Subnet[]): BlockList {
  const list = new BlockList()
  for (const [network, prefix, family] of subnets) list.addSubnet(network, prefix, family)
  return list
}
