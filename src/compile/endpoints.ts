import { Groups, NextMap, normalAddress } from '../base/index.ts'
import { readAuthority } from '../http/index.ts'
import { diagnose, namespacedName } from '../model/index.ts'
import type { Backend, BackendKey, BackendReference, Endpoint, Snapshot } from '../model/index.ts'
import type { EndpointOptions, OwnSockets } from './compile-options.ts'
import type { Read } from './decode.ts'
import { KindReader } from './kind-reader.ts'
import {
  endpointSliceKind,
  isLinkLocal,
  isLoopback,
  isMetadata,
  readEndpointSlice,
  readService,
  serviceKind,
} from './kinds/index.ts'
import type { EndpointSliceObject, ServiceObject, SliceEndpoint } from './kinds/index.ts'
import { faultOfReference, findServicePort } from './service-port.ts'
import { ServiceSlices } from './service-slices.ts'
import type { SliceList } from './service-slices.ts'

/** The endpoints of a Service where there is no cluster: `127.0.0.1:3000,[::1]:3001`. */
export const endpointsAnnotation = 'lintel.dev/endpoints'

/** The endpoints of backends, and the slices that they come from. */
export interface ResolvedEndpoints {
  readonly backends: ReadonlyMap<BackendKey, Backend>
  readonly slices: SliceList
}

/**
 * Looks up the endpoints of backends. What was read of an object is kept as long as the object is the same; only backends
 * of Services of which anything changed are looked up again, and those whose endpoints are the same keep their identity,
 * so that only real changes travel to workers.
 */
export class EndpointResolver {
  readonly #options: EndpointOptions
  readonly #serviceReader = new KindReader(readService)
  /** All by the name of their Service. */
  readonly #services = new Groups<ServiceObject>(({ ref }) => [namespacedName(ref)])
  readonly #slices: ServiceSlices
  readonly #references = new Groups<BackendReference>(({ namespace, service }) => [`${namespace}/${service}`])
  #named: { readonly map: ReadonlyMap<BackendKey, BackendReference>; readonly list: readonly BackendReference[] } = {
    map: new Map(),
    list: [],
  }
  #backends: ReadonlyMap<BackendKey, Backend> = new Map()

  constructor(options: EndpointOptions) {
    this.#options = options
    this.#slices = new ServiceSlices((object) =>
      options.allowLoopback ? readEndpointSlice(object) : withoutForbidden(readEndpointSlice(object), options.own),
    )
  }

  resolve(named: ReadonlyMap<BackendKey, BackendReference>, snapshot: Snapshot): ResolvedEndpoints {
    const services = this.#services.update(this.#serviceReader.read(snapshot.list(serviceKind.kind)).values)
    const slices = this.#slices.update(snapshot.list(endpointSliceKind.kind))
    const references = this.#references.update(this.#listOf(named))
    const next = new NextMap(this.#backends)
    for (const name of new Set([...services.changed, ...slices.changed, ...references.changed]))
      for (const reference of references.groups.get(name) ?? [])
        next.put(reference.key, this.#lookUp(reference, services.groups.get(name)?.[0], this.#slices.of(name)))
    if (references.changed.size > 0) retain(next, named)
    this.#backends = next.map
    return { backends: this.#backends, slices }
  }

  #listOf(named: ReadonlyMap<BackendKey, BackendReference>): readonly BackendReference[] {
    if (this.#named.map !== named) this.#named = { map: named, list: [...named.values()] }
    return this.#named.list
  }

  #lookUp(
    reference: BackendReference,
    service: ServiceObject | undefined,
    slices: readonly EndpointSliceObject[],
  ): Backend {
    const { key, namespace, service: name, port } = reference
    const endpoints = this.#endpointsOf(reference, service, slices)
    const last = this.#backends.get(key)
    if (last !== undefined && sameEndpoints(last.endpoints, endpoints)) return last
    return { key, namespace, service: name, port: String(port), endpoints }
  }

  #endpointsOf(
    reference: BackendReference,
    service: ServiceObject | undefined,
    slices: readonly EndpointSliceObject[],
  ): Endpoint[] {
    const { allowExternalName, fromCluster } = this.#options
    if (service === undefined || faultOfReference(reference, service, allowExternalName) !== undefined) return []
    const annotated = fromCluster ? undefined : service.annotations.get(endpointsAnnotation)
    return annotated === undefined ? endpointsOf(service, reference.port, slices) : (readEndpointList(annotated) ?? [])
  }
}

function endpointsOf(
  service: ServiceObject,
  port: number | string,
  slices: readonly EndpointSliceObject[],
): Endpoint[] {
  if (service.externalName !== undefined) return externalEndpoints(service.externalName, service, port)
  const wanted = findServicePort(service, port)?.name
  const found = slices.flatMap((slice) => candidatesOf(slice, wanted))
  if (slices.some(({ standIn }) => standIn)) return unique(found)
  const ofFamily = (family: string): Candidate[] => found.filter(({ addressType }) => addressType === family)
  const [first, second] = service.family === 'IPv6' ? (['IPv6', 'IPv4'] as const) : (['IPv4', 'IPv6'] as const)
  const [preferred, other] = [ofFamily(first), ofFamily(second)]
  const choices = [ready(preferred), ready(other), leaving(preferred), leaving(other)]
  return unique(choices.find(({ length }) => length > 0) ?? [])
}

/** Reads `ADDR:PORT,[ADDR]:PORT`; undefined if a part of it is no such thing. Link-local addresses are none. */
export function readEndpointList(text: string): Endpoint[] | undefined {
  const endpoints: Endpoint[] = []
  for (const part of text.split(',')) {
    const authority = readAuthority(part.trim())
    if (authority?.port === undefined || authority.port === 0 || authority.name === '') return undefined
    const address = authority.name === 'localhost' ? '127.0.0.1' : authority.name.replaceAll(/[[\]]/g, '')
    if (isLinkLocal(address)) return undefined
    endpoints.push({ address, port: authority.port })
  }
  return endpoints
}

function externalEndpoints(address: string, service: ServiceObject, port: number | string): Endpoint[] {
  const found = findServicePort(service, port)
  const numbers = [found?.targetPort ?? found?.port ?? port].filter((number) => typeof number === 'number')
  return numbers.map((number) => ({ address, port: number }))
}

/** An endpoint of a slice, with the number that it has for the port that is asked for. */
interface Candidate {
  readonly endpoint: SliceEndpoint
  readonly number: number
  readonly addressType: EndpointSliceObject['addressType']
}

function candidatesOf(slice: EndpointSliceObject, port: string | undefined): Candidate[] {
  const { addressType, endpoints, ports } = slice
  const numbers = ports.filter(({ name, protocol }) => name === port && protocol === 'TCP')
  return numbers.flatMap(({ port: number }) =>
    endpoints.filter(({ address }) => !isLinkLocal(address)).map((endpoint) => ({ endpoint, number, addressType })),
  )
}

/** A condition that is not known counts as ready. */
function ready(found: readonly Candidate[]): Candidate[] {
  return found.filter(({ endpoint }) => endpoint.ready !== false)
}

/** Those that terminate but still serve: better than none, and only then. */
function leaving(found: readonly Candidate[]): Candidate[] {
  return found.filter(({ endpoint }) => endpoint.terminating === true && endpoint.serving !== false)
}

/** Each once, in a fixed order. */
function unique(found: readonly Candidate[]): Endpoint[] {
  const byName = new Map(
    found.map(({ endpoint: { address }, number }) => [`${address} ${number}`, { address, port: number }]),
  )
  return [...byName].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, endpoint]) => endpoint)
}

/** What a cluster says of this machine, or of its cloud, is told, and not dialled; whoever starts us may say such things. */
function withoutForbidden(
  { value, diagnostics }: Read<EndpointSliceObject>,
  own: OwnSockets | undefined,
): Read<EndpointSliceObject> {
  if (value === undefined || value.standIn) return { value, diagnostics }
  const faults = value.endpoints.map(
    ({ address }) => faultOfAddress(address) ?? (isOwn(address, value, own) ? ownSocket : undefined),
  )
  const refused = value.endpoints.flatMap(({ address }, at) => {
    const fault = faults[at]
    if (fault === undefined) return []
    const place = { object: value.ref, field: `endpoints[${at}].addresses[0]` }
    const hint = '--allow-loopback-endpoints has them dialled all the same.'
    return [diagnose(fault.code, place, { message: `${address} ${fault.what}: it is not dialled`, hint })]
  })
  const endpoints = value.endpoints.filter((_, at) => faults[at] === undefined)
  return { value: { ...value, endpoints }, diagnostics: [...diagnostics, ...refused] }
}

/** Why an address is not dialled. */
interface AddressFault {
  readonly code: 'LoopbackEndpoint' | 'MetadataEndpoint'
  readonly what: string
}

const thisMachine: AddressFault = { code: 'LoopbackEndpoint', what: 'is this machine' }
const ownSocket: AddressFault = { code: 'LoopbackEndpoint', what: 'is where Lintel itself listens' }
const cloudMetadata: AddressFault = { code: 'MetadataEndpoint', what: 'is where a cloud keeps its metadata' }

function faultOfAddress(address: string): AddressFault | undefined {
  if (isLoopback(address)) return thisMachine
  return isMetadata(address) ? cloudMetadata : undefined
}

/** Other ports of our address may be those of a neighbour, on the network of the node. */
function isOwn(address: string, { ref, ports }: EndpointSliceObject, own: OwnSockets | undefined): boolean {
  if (own === undefined || own.namespace === ref.namespace) return false
  const leadsHere = ports.some(({ port, protocol }) => protocol === 'TCP' && own.ports.includes(port))
  return leadsHere && own.addresses.includes(normalAddress(address))
}

function retain(next: NextMap<Backend>, keys: Pick<ReadonlySet<string>, 'has'>): void {
  for (const key of next.map.keys()) if (!keys.has(key)) next.put(key, undefined)
}

function sameEndpoints(a: readonly Endpoint[], b: readonly Endpoint[]): boolean {
  return a.length === b.length && a.every(({ address, port }, at) => address === b[at]?.address && port === b[at].port)
}
