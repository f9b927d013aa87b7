import type { KindDescriptor, ObjectRef, SourceObject } from '../../model/index.ts'
import { readObject } from '../decode.ts'
import type { Cursor, Read } from '../decode.ts'
import { isLabel, isSubdomain } from '../names.ts'
import { readMetadata } from './metadata.ts'

export const serviceKind: KindDescriptor = {
  group: '',
  version: 'v1',
  kind: 'Service',
  plural: 'services',
  namespaced: true,
}

export interface ServicePort {
  /** '' if it has none. */
  readonly name: string
  readonly protocol: 'TCP' | 'UDP' | 'SCTP'
  readonly port: number
  /** undefined: a name, or the same as `port`. */
  readonly targetPort: number | undefined
}

export interface ServiceObject {
  readonly ref: ObjectRef
  readonly annotations: ReadonlyMap<string, string>
  readonly ports: readonly ServicePort[]
  /** Set if the Service is of type ExternalName. */
  readonly externalName: string | undefined
  /** The family that is preferred: the first of `ipFamilies`. */
  readonly family: 'IPv4' | 'IPv6' | undefined
}

const highestPort = 65_535
const types = ['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'] as const

export function readService(object: SourceObject): Read<ServiceObject> {
  return readObject(object, (root) => {
    const { annotations } = readMetadata(root, serviceKind)
    const name = root.at('metadata').at('name')
    if (!isLabel(object.ref.name))
      name.refuse(
        `"${object.ref.name}" is not a DNS label`,
        'A Service name has at most 63 lower-case letters, digits and "-".',
      )
    const spec = root.at('spec')
    const type = spec.at('type').oneOf(types) ?? 'ClusterIP'
    const list = spec.at('ports')
    const ports = list.list().map((port, _, all) => readPort(port, all.length > 1))
    checkUnique(list, ports)
    if (ports.length === 0 && type !== 'ExternalName' && spec.at('clusterIP').value !== 'None')
      list.refuse('empty, at least one port wanted', 'Add ports: [{ port: 80 }].')
    const families = spec
      .at('ipFamilies')
      .list()
      .flatMap((family) => family.oneOf(['IPv4', 'IPv6'] as const) ?? [])
    return {
      ref: object.ref,
      annotations,
      ports,
      externalName: type === 'ExternalName' ? readExternalName(spec) : undefined,
      family: families[0],
    }
  })
}

function readPort(at: Cursor, named: boolean): ServicePort {
  const name = at.at('name')
  const text = name.string() ?? ''
  if (named && text === '') name.refuse('required with several ports, but missing', 'Give each port a name.')
  if (text !== '' && !isLabel(text))
    name.refuse(`"${text}" is not a DNS label`, 'Use lower-case letters, digits and "-".')
  const port = at.at('port')
  port.require(at, 'port', 'Write the number of the port.')
  const target = at.at('targetPort')
  const targetPort = typeof target.value === 'number' ? target.integer(1, highestPort) : undefined
  if (target.value !== undefined && typeof target.value !== 'number') target.string()
  return {
    name: text,
    protocol: at.at('protocol').oneOf(['TCP', 'UDP', 'SCTP']) ?? 'TCP',
    port: port.integer(1, highestPort) ?? 0,
    targetPort,
  }
}

function checkUnique(at: Cursor, ports: readonly ServicePort[]): void {
  const seen = new Set<string>()
  for (const { name, protocol, port } of ports) {
    for (const key of [`${protocol} ${port}`, ...(name === '' ? [] : [`name ${name}`])]) {
      if (seen.has(key)) at.refuse(`${key} twice`, 'Each port, and each name, stands once.')
      seen.add(key)
    }
  }
}

function readExternalName(spec: Cursor): string | undefined {
  const at = spec.at('externalName')
  at.require(spec, 'externalName', 'Write the DNS name that the Service stands for.')
  const name = at.string()
  if (name === undefined) return undefined
  const plain = name.endsWith('.') ? name.slice(0, -1) : name
  if (!isSubdomain(plain)) at.refuse(`"${name}" is not a DNS name`, 'Use lower-case letters, digits, "-" and ".".')
  return plain
}
