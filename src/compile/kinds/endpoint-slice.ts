import { isIPv4, isIPv6 } from 'node:net'

import type { KindDescriptor, ObjectRef, SourceObject } from '../../model/index.ts'
import { readObject } from '../decode.ts'
import type { Cursor, Read } from '../decode.ts'
import { readMetadata } from './metadata.ts'
import { isLinkLocal, isMappedIPv4, isOfNoHost } from './unicast.ts'

export const endpointSliceKind: KindDescriptor = {
  group: 'discovery.k8s.io',
  version: 'v1',
  kind: 'EndpointSlice',
  plural: 'endpointslices',
  namespaced: true,
}

export interface SliceEndpoint {
  /** The first address; further ones have no meaning. */
  readonly address: string
  readonly ready: boolean | undefined
  readonly serving: boolean | undefined
  readonly terminating: boolean | undefined
}

export interface EndpointSliceObject {
  readonly ref: ObjectRef
  /** From the label `kubernetes.io/service-name`. */
  readonly service: string | undefined
  readonly addressType: 'IPv4' | 'IPv6' | 'FQDN'
  /** Named on the command line: every address counts, and names do. */
  readonly standIn: boolean
  readonly endpoints: readonly SliceEndpoint[]
  /** Ports without a number mean nothing to Services and are left out. */
  readonly ports: readonly { readonly name: string; readonly port: number; readonly protocol: string }[]
}

const mostEndpoints = 1_000
const mostPorts = 100
const mostAddresses = 100
const highestPort = 65_535
type AddressType = EndpointSliceObject['addressType']

export function readEndpointSlice(object: SourceObject): Read<EndpointSliceObject> {
  return readObject(object, (root) => {
    const { labels } = readMetadata(root, endpointSliceKind)
    const type = root.at('addressType')
    type.require(root, 'addressType', 'Write addressType: IPv4 or IPv6.')
    const addressType = type.oneOf(['IPv4', 'IPv6', 'FQDN']) ?? 'IPv4'
    const endpoints = root.at('endpoints')
    const ports = root.at('ports')
    if (endpoints.list().length > mostEndpoints)
      endpoints.refuse(`${endpoints.list().length} endpoints, at most ${mostEndpoints} allowed`, 'Use several slices.')
    if (ports.list().length > mostPorts)
      ports.refuse(`${ports.list().length} ports, at most ${mostPorts} allowed`, 'Use several slices.')
    return {
      ref: object.ref,
      service: labels.get('kubernetes.io/service-name'),
      addressType,
      standIn: object.standIn === true,
      endpoints: endpoints.list().map((endpoint) => readEndpoint(endpoint, addressType)),
      ports: readPorts(ports),
    }
  })
}

function readEndpoint(at: Cursor, type: AddressType): SliceEndpoint {
  const list = at.at('addresses')
  const addresses = list.list()
  if (addresses.length === 0 || addresses.length > mostAddresses)
    list.refuse(`${addresses.length} addresses, 1 to ${mostAddresses} wanted`, 'Write addresses: ["10.0.0.1"].')
  for (const address of addresses) checkAddress(address, type)
  const conditions = at.at('conditions')
  return {
    address: addresses[0]?.string() ?? '',
    ready: conditions.at('ready').boolean(),
    serving: conditions.at('serving').boolean(),
    terminating: conditions.at('terminating').boolean(),
  }
}

/** Unspecified and multicast addresses lead nowhere. Loopback and private ones may stand in files. */
function checkAddress(at: Cursor, type: AddressType): void {
  if (at.absent) at.refuse('empty', 'Write an address, or remove the element.')
  const text = at.string()
  if (text === undefined || type === 'FQDN') return
  const valid = type === 'IPv4' ? isIPv4(text) : isPlainIPv6(text)
  if (!valid) at.refuse(`"${text}" is not an ${type} address`, `Write an ${type} address, or change addressType.`)
  else if (isOfNoHost(text)) at.refuse(`"${text}" is not the address of one host`, 'Use a unicast address.')
  else if (isLinkLocal(text))
    at.refuse(`"${text}" is link-local`, 'Such addresses are never dialled; use another address of the host.')
}

/** Neither with a zone, which means something on one machine only, nor an IPv4 address in disguise. */
function isPlainIPv6(text: string): boolean {
  return isIPv6(text) && !text.includes('%') && !isMappedIPv4(text)
}

function readPorts(at: Cursor): EndpointSliceObject['ports'] {
  const seen = new Set<string>()
  return at.list().flatMap((port) => {
    const name = port.at('name').string() ?? ''
    if (seen.has(name)) port.at('name').refuse(`"${name}" twice`, 'Each port has a name of its own.')
    seen.add(name)
    const protocol = port.at('protocol').oneOf(['TCP', 'UDP', 'SCTP']) ?? 'TCP'
    const number = port.at('port').integer(1, highestPort)
    return number === undefined ? [] : [{ name, port: number, protocol }]
  })
}
