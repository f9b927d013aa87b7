import type { KindDescriptor, ObjectRef, PathType, SourceObject } from '../../model/index.ts'
import { Cursor, readObject } from '../decode.ts'
import type { Read } from '../decode.ts'
import { checkHost, checkLabel, checkSubdomain, isPortName } from '../names.ts'
import { readMetadata } from './metadata.ts'
import { checkTypedReference } from './typed-reference.ts'

export const ingressKind: KindDescriptor = {
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'Ingress',
  plural: 'ingresses',
  namespaced: true,
}

export interface ServiceBackend {
  readonly service: string
  /** The number, or the name. */
  readonly port: number | string
}

/** `undefined` service: the backend is a resource of some other kind. `field` is where it stands. */
export interface IngressBackend {
  readonly field: string
  readonly service: ServiceBackend | undefined
}

export interface IngressPath {
  readonly field: string
  readonly path: string
  readonly pathType: PathType
  readonly backend: IngressBackend
  /** The regular expression in whose place it stands, if it closes all that this could match. */
  readonly expression?: string
}

export interface IngressRule {
  readonly field: string
  /** '' stands for every host. */
  readonly host: string
  /** undefined: the rule says nothing of paths, so the default backend takes all of them. */
  readonly paths: readonly IngressPath[] | undefined
}

export interface IngressTls {
  readonly field: string
  readonly hosts: readonly string[]
  readonly secretName: string | undefined
}

/** What says whose an Ingress is. */
export interface IngressIdentity {
  readonly ref: ObjectRef
  readonly annotations: ReadonlyMap<string, string>
  readonly className: string | undefined
}

export interface IngressObject extends IngressIdentity {
  readonly created: number
  readonly revision: string
  readonly defaultBackend: IngressBackend | undefined
  readonly rules: readonly IngressRule[]
  readonly tls: readonly IngressTls[]
}

const pathTypes: readonly PathType[] = ['Exact', 'Prefix', 'ImplementationSpecific']
const highestPort = 65_535

/** Reads an Ingress by the API server's own rules (networking/v1 validation). */
export function readIngress(object: SourceObject): Read<IngressObject> {
  return readObject(object, (root) => {
    const { annotations } = readMetadata(root, ingressKind)
    const spec = root.at('spec')
    root.expect('apiVersion', 'kind', 'metadata', 'spec', 'status')
    spec.expect('ingressClassName', 'defaultBackend', 'rules', 'tls')
    spec.require(root, 'spec', 'Add a spec with rules or a defaultBackend.')
    const className = spec.at('ingressClassName')
    const named = className.string()
    if (named !== undefined) checkSubdomain(className, named)
    const defaultBackend = spec.at('defaultBackend')
    const rules = spec.at('rules')
    if (spec.isMap() && rules.list().length === 0 && defaultBackend.absent) {
      spec.refuse(
        'neither rules nor defaultBackend, at least one wanted',
        'Add rules, or a defaultBackend that takes everything.',
      )
    }
    return {
      ref: object.ref,
      created: object.created,
      revision: object.revision,
      annotations,
      className: named,
      defaultBackend: defaultBackend.absent ? undefined : readBackend(defaultBackend),
      rules: rules.list().map(readRule),
      tls: spec.at('tls').list().map(readTls),
    }
  })
}

/** Whose it is, whatever is wrong with the rest of it. */
export function readIdentity(object: SourceObject): IngressIdentity {
  const root = new Cursor(object.value, '', object.ref, new Map())
  const className = root.at('spec').at('ingressClassName').string()
  return { ref: object.ref, annotations: readMetadata(root, ingressKind).annotations, className }
}

function readRule(at: Cursor): IngressRule {
  at.isMap()
  at.expect('host', 'http')
  const host = at.at('host')
  const name = host.string() ?? ''
  if (name !== '') checkHost(host, name, 'rule')
  const http = at.at('http')
  const paths = http.at('paths')
  http.expect('paths')
  if (http.isMap()) paths.require(http, 'paths', 'Add a path, or leave http out.')
  if (!paths.absent && paths.list().length === 0)
    paths.refuse('empty, at least one path wanted', 'Add a path, or leave http out.')
  return { field: at.field, host: name, paths: http.absent ? undefined : paths.list().map(readPath) }
}

function readPath(at: Cursor): IngressPath {
  at.expect('path', 'pathType', 'backend')
  const type = at.at('pathType')
  type.require(at, 'pathType', 'Write pathType: Prefix (or Exact, or ImplementationSpecific).')
  const pathType = type.oneOf(pathTypes) ?? 'ImplementationSpecific'
  const path = at.at('path')
  const text = path.string() ?? ''
  if (!type.absent) checkPath(path, text, pathType)
  const backend = at.at('backend')
  backend.require(at, 'backend', 'Add backend.service with name and port.')
  return { field: at.field, path: text, pathType, backend: readBackend(backend) }
}

const forbiddenInPath = ['//', '/./', '/../', '%2f', '%2F']
const forbiddenAtEnd = ['/..', '/.']

function checkPath(at: Cursor, path: string, pathType: PathType): void {
  if (pathType === 'ImplementationSpecific' && path === '') return undefined
  if (!path.startsWith('/'))
    return at.refuse(`"${path}" is not absolute`, `Write a path that begins with a slash: /${path}`)
  if (pathType === 'ImplementationSpecific') return undefined
  const found =
    forbiddenInPath.find((text) => path.includes(text)) ?? forbiddenAtEnd.find((text) => path.endsWith(text))
  if (found !== undefined)
    at.refuse(
      `"${path}" contains "${found}"`,
      'Write the path in its plain form, or use pathType: ImplementationSpecific.',
    )
}

function readBackend(at: Cursor): IngressBackend {
  at.expect('service', 'resource')
  const service = at.at('service')
  const resource = at.at('resource')
  if (!at.isMap()) return { field: at.field, service: undefined }
  if (!service.absent && !resource.absent) at.refuse('service and resource, only one wanted', 'Remove one of them.')
  if (service.absent && resource.absent) {
    const old = at.at('serviceName').absent
      ? 'Add service with name and port.'
      : 'serviceName and servicePort are of the beta API: write service: { name: …, port: { number: … } }.'
    at.refuse('neither service nor resource, one wanted', old)
  }
  if (resource.isMap()) checkTypedReference(resource)
  return { field: at.field, service: service.isMap() ? readService(service) : undefined }
}

function readService(at: Cursor): ServiceBackend {
  at.expect('name', 'port')
  const name = at.at('name')
  name.require(at, 'name', 'Name the Service.')
  const service = name.string() ?? ''
  if (!name.absent) checkLabel(name, service)
  return { service, port: readPort(at) }
}

function readPort(service: Cursor): number | string {
  const port = service.at('port')
  port.expect('name', 'number')
  const { value } = port
  if (typeof value === 'number' || typeof value === 'string') {
    const key = typeof value === 'number' ? 'number' : 'name'
    port.refuse(`${value} found, a map wanted`, `Write port: { ${key}: ${value} }.`)
    return 0
  }
  const name = readPortName(port.at('name'))
  const number = readPortNumber(port.at('number'))
  if (name !== '' && number !== 0) port.refuse('name and number, only one wanted', 'Remove one of them.')
  else if (name === '' && number === 0) {
    port.refuse(
      'neither name nor number, one wanted',
      'Write port: { number: 80 }, or the name of a port of the Service.',
    )
  }
  return name === '' ? number : name
}

/** 0 counts as absent, as it does for the API server. */
function readPortNumber(at: Cursor): number {
  return at.value === 0 ? 0 : (at.integer(1, highestPort) ?? (at.absent ? 0 : Number.NaN))
}

const portNameHint =
  'At most 15 lower-case letters, digits and "-", with a letter in it. Refer to a port with a longer name by its number.'

function readPortName(at: Cursor): string {
  const text = at.string() ?? ''
  if (text !== '' && !isPortName(text)) at.refuse(`"${text}" is no name of a port`, portNameHint)
  return text
}

function readTls(at: Cursor): IngressTls {
  at.isMap()
  at.expect('hosts', 'secretName')
  const hosts = at
    .at('hosts')
    .list()
    .flatMap((host) => {
      if (host.absent) host.refuse('empty', 'Write a host, or remove the element.')
      const name = host.string()
      if (name !== undefined) checkHost(host, name, 'tls')
      return name ?? []
    })
  const secret = at.at('secretName')
  const secretName = secret.string()
  if (secretName !== undefined && secretName !== '') checkSubdomain(secret, secretName)
  return { field: at.field, hosts, secretName: secretName === '' ? undefined : secretName }
}
