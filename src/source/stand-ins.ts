import { isIP } from 'node:net'

import type { BackendReference, Json, JsonRecord, Snapshot, SourceObject } from '../model/index.ts'
import { isRecord } from './manifest-file.ts'
import { withObjects } from './manifest-snapshot.ts'
import { recordAt } from './record-at.ts'
import { serviceLabel, serviceOfSlice } from './service-label.ts'

/** Endpoints that were given on the command line for a Service, or for one port of it. */
export interface StandIn {
  readonly namespace: string
  readonly service: string
  /** undefined: whatever port is asked for. */
  readonly port: number | string | undefined
  readonly address: string
  readonly endpointPort: number
}

const form = /^(?:([a-z\d][a-z\d-]*)\/)?([a-z\d][a-z\d-]*)(?::([a-z\d-]+))?=(\[[\da-fA-F:.]+\]|[\w.-]+):(\d{1,5})$/

/** Reads `[namespace/]service[:port]=host:port`; undefined if it is no such thing. */
export function readStandIn(text: string): StandIn | undefined {
  const [, namespace = 'default', service, port, host, digits] = form.exec(text) ?? []
  const endpointPort = Number(digits)
  if (service === undefined || host === undefined || endpointPort < 1 || endpointPort > 65_535) return undefined
  const address = host === 'localhost' ? '127.0.0.1' : host.replaceAll(/[[\]]/g, '')
  return { namespace, service, port: port === undefined ? undefined : numberOrName(port), address, endpointPort }
}

function numberOrName(text: string): number | string {
  return /^\d+$/.test(text) ? Number(text) : text
}

/** Stand-ins for each backend, one endpoint a backend: where its echo server listens. */
export function standInsFor(references: Iterable<BackendReference>, ports: ReadonlyMap<string, number>): StandIn[] {
  return [...references].flatMap(({ key, namespace, service, port }) => {
    const endpointPort = ports.get(key)
    return endpointPort === undefined ? [] : [{ namespace, service, port, address: '127.0.0.1', endpointPort }]
  })
}

/**
 * Has stand-ins take the place of a Service's endpoints, and makes the Service if it is missing. `references` are the
 * backends that Ingresses name, so that a Service that is made has every port that is asked for.
 */
export function withStandIns(
  snapshot: Snapshot,
  standIns: readonly StandIn[],
  references: Iterable<BackendReference>,
): Snapshot {
  if (standIns.length === 0) return snapshot
  const asked = Map.groupBy(references, nameOf)
  const stoodFor = Map.groupBy(standIns, nameOf)
  const objects = [...stoodFor].flatMap(([name, own]) =>
    standFor(own, asked.get(name) ?? [], findService(snapshot, name)),
  )
  const slices = snapshot
    .list('EndpointSlice')
    .filter((slice) => !stoodFor.has(`${slice.ref.namespace}/${serviceOfSlice(slice)}`))
  const others: Snapshot = { ...snapshot, list: (kind) => (kind === 'EndpointSlice' ? slices : snapshot.list(kind)) }
  return withObjects(others, objects)
}

function nameOf({ namespace, service }: { readonly namespace: string; readonly service: string }): string {
  return `${namespace}/${service}`
}

function findService(snapshot: Snapshot, name: string): SourceObject | undefined {
  return snapshot.list('Service').find(({ ref }) => `${ref.namespace}/${ref.name}` === name)
}

interface PortName {
  readonly name: string
  readonly port: number
}

/** The Service, made if there is none that has ports, and a slice for each endpoint of each port. */
function standFor(
  standIns: readonly StandIn[],
  asked: readonly BackendReference[],
  service: SourceObject | undefined,
): SourceObject[] {
  const [first] = standIns
  if (first === undefined) return []
  const known = service === undefined ? [] : portsOf(service)
  const ports = known.length > 0 ? known : portsFor([...asked, ...standIns].flatMap(({ port }) => port ?? []))
  const slices = ports.flatMap((port) =>
    standIns
      .filter((standIn) => standIn.port === undefined || standIn.port === port.name || standIn.port === port.port)
      .map((standIn) => sliceFor(standIn, port)),
  )
  const made = makeObject('Service', first, first.service, {
    spec: { ports: ports.map(({ name, port }) => ({ name, port })) },
  })
  return known.length > 0 && service !== undefined ? [withoutEndpoints(service), ...slices] : [made, ...slices]
}

/** Numbers keep their number; names get one that nobody asks for. */
function portsFor(ports: readonly (number | string)[]): PortName[] {
  return [...new Set(ports)].map((port, at) =>
    typeof port === 'number' ? { name: `p${port}`, port } : { name: port, port: 65_535 - at },
  )
}

function portsOf({ value }: SourceObject): PortName[] {
  const ports = recordAt(value, 'spec')['ports']
  if (!Array.isArray(ports)) return []
  return ports.flatMap((port: Json) => {
    const { name, port: number } = isRecord(port) ? port : {}
    return typeof number === 'number' ? [{ name: typeof name === 'string' ? name : '', port: number }] : []
  })
}

/** Endpoints of its own, in the annotation or by an external name, would come before those that stand in. */
function withoutEndpoints(service: SourceObject): SourceObject {
  const metadata = recordAt(service.value, 'metadata')
  const { 'lintel.dev/endpoints': own, ...annotations } = recordAt(metadata, 'annotations')
  const spec = recordAt(service.value, 'spec')
  const { externalName: outside, type, ...inside } = spec
  const isOutside = type === 'ExternalName' && outside !== undefined
  if (own === undefined && !isOutside) return service
  return {
    ...service,
    revision: `${service.revision} stood for`,
    value: { ...service.value, metadata: { ...metadata, annotations }, spec: isOutside ? inside : spec },
  }
}

/** By what `isIP` answers; a name has no family. */
const addressTypes: Readonly<Record<number, string>> = { 4: 'IPv4', 6: 'IPv6' }

function sliceFor(standIn: StandIn, { name, port }: PortName): SourceObject {
  const { service, address, endpointPort } = standIn
  const slice = makeObject(
    'EndpointSlice',
    standIn,
    `${service}-${port}-${address.replaceAll(':', '-')}-${endpointPort}`,
    {
      addressType: addressTypes[isIP(address)] ?? 'FQDN',
      endpoints: [{ addresses: [address] }],
      ports: [{ name, port: endpointPort }],
    },
  )
  const metadata = { ...recordAt(slice.value, 'metadata'), labels: { [serviceLabel]: service } }
  return { ...slice, value: { ...slice.value, metadata } }
}

function makeObject(kind: string, { namespace }: StandIn, name: string, content: JsonRecord): SourceObject {
  const value: JsonRecord = { metadata: { name, namespace }, ...content }
  return {
    ref: { kind, namespace, name },
    uid: `stand-in/${kind}/${namespace}/${name}`,
    revision: JSON.stringify(value),
    created: Infinity,
    value,
    standIn: true,
  }
}
