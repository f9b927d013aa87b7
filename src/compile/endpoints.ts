import { readAuthority } from '../http/index.ts'
import { diagnose } from '../model/index.ts'
import type {
  Backend,
  BackendKey,
  BackendReference,
  Diagnostic,
  Endpoint,
  ObjectRef,
  Snapshot,
  SourceObject,
} from '../model/index.ts'
import type { EndpointOptions } from './compile-options.ts'
import type { Read } from './decode.ts'
import {
  endpointSliceKind,
  isLinkLocal,
  isLoopback,
  readEndpointSlice,
  readService,
  serviceKind,
} from './kinds/index.ts'
import type { EndpointSliceObject, ServiceObject, SliceEndpoint } from './kinds/index.ts'
import { faultOfReference, findServicePort } from './service-port.ts'
import { SliceGroups } from './slice-groups.ts'

/** The endpoints of a Service where there is no cluster: `127.0.0.1:3000,[::1]:3001`. */
export const endpointsAnnotation = 'lintel.dev/endpoints'

/** The endpoints of backends, and what there is to say of the slices that they come from. */
export interface ResolvedEndpoints {
  readonly backends: ReadonlyMap<BackendKey, Backend>
  readonly diagnostics: readonly Diagnostic[]
  /** EndpointSlices that could be read, and those that could not. */
  readonly accepted: readonly ObjectRef[]
  readonly refused: readonly ObjectRef[]
}

const none: readonly EndpointSliceObject[] = []

/** A backend, and all that it was made of: as long as that is the same, so is the backend. */
interface Resolved {
  readonly port: number | string
  readonly service: ServiceObject | undefined
  readonly slices: readonly EndpointSliceObject[]
  readonly backend: Backend
}

interface ServicesByName {
  readonly objects: readonly SourceObject[]
  readonly services: ReadonlyMap<string, ServiceObject>
}

/**
 * Looks up the endpoints of backends. What was read of an object is kept as long as the object is the same, and a backend
 * whose endpoints did not change keeps its identity, so that only real changes travel to workers.
 */
export class EndpointResolver {
  readonly #options: EndpointOptions
  readonly #services = new WeakMap<SourceObject, Read<ServiceObject>>()
  readonly #slices = new WeakMap<SourceObject, Read<EndpointSliceObject>>()
  readonly #groups = new SliceGroups((object) => this.#readSlice(object))
  #byName: ServicesByName = { objects: [], services: new Map() }
  #last: ReadonlyMap<BackendKey, Resolved> = new Map()

  constructor(options: EndpointOptions) {
    this.#options = options
  }

  resolve(references: Iterable<BackendReference>, snapshot: Snapshot): ResolvedEndpoints {
    const services = this.#servicesByName(snapshot.list(serviceKind.kind))
    const objects = snapshot.list(endpointSliceKind.kind)
    const groups = this.#groups.update(objects)
    const resolved = new Map<BackendKey, Resolved>()
    for (const reference of references) {
      const name = `${reference.namespace}/${reference.service}`
      resolved.set(reference.key, this.#resolveOne(reference, services.get(name), groups.get(name) ?? none))
    }
    this.#last = resolved
    const backends = new Map<BackendKey, Backend>()
    for (const [key, { backend }] of resolved) backends.set(key, backend)
    return { backends, ...this.#findings(objects) }
  }

  #servicesByName(objects: readonly SourceObject[]): ReadonlyMap<string, ServiceObject> {
    if (objects === this.#byName.objects) return this.#byName.services
    const services = new Map<string, ServiceObject>()
    for (const object of objects) {
      const service = readOnce(object, this.#services, readService).value
      if (service !== undefined) services.set(nameOf(service.ref), service)
    }
    this.#byName = { objects, services }
    return services
  }

  #findings(objects: readonly SourceObject[]): Omit<ResolvedEndpoints, 'backends'> {
    const diagnostics: Diagnostic[] = []
    const accepted: ObjectRef[] = []
    const refused: ObjectRef[] = []
    for (const object of objects) {
      const { value, diagnostics: found } = this.#readSlice(object)
      diagnostics.push(...found)
      if (value === undefined) refused.push(object.ref)
      else accepted.push(object.ref)
    }
    return { diagnostics, accepted, refused }
  }

  #readSlice(object: SourceObject): Read<EndpointSliceObject> {
    const { allowLoopback } = this.#options
    return readOnce(object, this.#slices, (slice) =>
      allowLoopback ? readEndpointSlice(slice) : withoutLoopback(readEndpointSlice(slice)),
    )
  }

  #resolveOne(
    reference: BackendReference,
    service: ServiceObject | undefined,
    slices: readonly EndpointSliceObject[],
  ): Resolved {
    const last = this.#last.get(reference.key)
    const { key, namespace, service: name, port } = reference
    if (last?.port === port && last.service === service && last.slices === slices) return last
    const refused =
      service === undefined || faultOfReference(reference, service, this.#options.allowExternalName) !== undefined
    const endpoints = refused ? [] : this.#endpointsOf(service, port, slices)
    const backend =
      last !== undefined && sameEndpoints(last.backend.endpoints, endpoints)
        ? last.backend
        : { key, namespace, service: name, port: String(port), endpoints }
    return { port, service, slices, backend }
  }

  #endpointsOf(service: ServiceObject, port: number | string, slices: readonly EndpointSliceObject[]): Endpoint[] {
    const annotated = this.#options.fromCluster ? undefined : service.annotations.get(endpointsAnnotation)
    return annotated === undefined ? endpointsOf(service, port, slices) : (readEndpointList(annotated) ?? [])
  }
}

function readOnce<T>(
  object: SourceObject,
  kept: WeakMap<SourceObject, Read<T>>,
  read: (object: SourceObject) => Read<T>,
): Read<T> {
  const found = kept.get(object) ?? read(object)
  kept.set(object, found)
  return found
}

function nameOf({ namespace, name }: { readonly namespace: string; readonly name: string }): string {
  return `${namespace}/${name}`
}

function endpointsOf(
  service: ServiceObject,
  port: number | string,
  slices: readonly EndpointSliceObject[],
): Endpoint[] {
  if (service.externalName !== undefined) return externalEndpoints(service.externalName, service, port)
  const wanted = findServicePort(service, port)?.name ?? ''
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
  const number = found?.targetPort ?? found?.port ?? (typeof port === 'number' ? port : undefined)
  return number === undefined ? [] : [{ address, port: number }]
}

/** An endpoint of a slice, with the number that it has for the port that is asked for. */
interface Candidate {
  readonly endpoint: SliceEndpoint
  readonly number: number
  readonly addressType: EndpointSliceObject['addressType']
}

function candidatesOf(slice: EndpointSliceObject, port: string): Candidate[] {
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

/** What a cluster says of this machine is told, and not dialled; whoever starts us may say such things. */
function withoutLoopback({ value, diagnostics }: Read<EndpointSliceObject>): Read<EndpointSliceObject> {
  if (value === undefined || value.standIn) return { value, diagnostics }
  const refused = value.endpoints.flatMap(({ address }, at) => {
    if (!isLoopback(address)) return []
    const place = { object: value.ref, field: `endpoints[${at}].addresses[0]` }
    const hint = '--allow-loopback-endpoints has them dialled all the same.'
    return [diagnose('LoopbackEndpoint', place, { message: `${address} is this machine: it is not dialled`, hint })]
  })
  const endpoints = value.endpoints.filter(({ address }) => !isLoopback(address))
  return { value: { ...value, endpoints }, diagnostics: [...diagnostics, ...refused] }
}

function sameEndpoints(a: readonly Endpoint[], b: readonly Endpoint[]): boolean {
  return a.length === b.length && a.every(({ address, port }, at) => address === b[at]?.address && port === b[at].port)
}
