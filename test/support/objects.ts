import type { Certificate, Json, JsonRecord, Snapshot, SourceObject } from '../../src/model/index.ts'
import { sourceObject } from './source-object.ts'

/** A snapshot of these objects, without files. */
export function snapshotOf(objects: readonly SourceObject[]): Snapshot {
  return {
    list: (kind) => objects.filter(({ ref }) => ref.kind === kind),
    diagnostics: [],
    locate: () => undefined,
  }
}

export interface IngressText {
  readonly namespace?: string
  /** The age: milliseconds since the epoch; newest if absent. */
  readonly created?: number
  readonly class?: 'lintel' | 'nginx'
  readonly annotations?: JsonRecord
  /** `HOST [TYPE] PATH -> SERVICE`, TYPE being Exact or Impl; Prefix if there is none. A host alone has no paths; `*` is every host. */
  readonly rules?: readonly string[]
  readonly defaultBackend?: string
  /** `SECRET: HOST HOST`; an empty secret is none. */
  readonly tls?: readonly string[]
}

/** An Ingress, its Services having port 80. */
export function ingress(name: string, text: IngressText): SourceObject {
  const { namespace = 'default', created = Infinity, annotations = {}, rules = [], defaultBackend, tls = [] } = text
  const spec: JsonRecord = {
    ingressClassName: text.class ?? 'lintel',
    rules: rules.map(readRule),
    tls: tls.map(readTls),
    ...(defaultBackend !== undefined && { defaultBackend: backend(defaultBackend) }),
  }
  const metadata = { name, namespace, annotations }
  return { ...sourceObject('Ingress', { apiVersion: 'networking.k8s.io/v1', metadata, spec }), created }
}

const rule = /^(\S+)(?: (?:(Exact|Impl) )?(\S*) -> (\S+))?$/

function readRule(text: string): JsonRecord {
  const [, host = '', type, path, name] = rule.exec(text) ?? []
  const named: JsonRecord = host === '*' ? {} : { host }
  if (path === undefined || name === undefined) return named
  const pathType = type === 'Impl' ? 'ImplementationSpecific' : (type ?? 'Prefix')
  return { ...named, http: { paths: [{ path, pathType, backend: backend(name) }] } }
}

function readTls(text: string): JsonRecord {
  const [secretName = '', hosts = ''] = text.split(':')
  return { ...(secretName !== '' && { secretName }), hosts: hosts.split(' ').filter((host) => host !== '') }
}

/** A Service by name, or `resource`. */
function backend(name: string): Json {
  return name === 'resource'
    ? { resource: { kind: 'Bucket', name: 'files' } }
    : { service: { name, port: { number: 80 } } }
}

export function service(name: string, namespace = 'default'): SourceObject {
  return sourceObject('Service', { metadata: { name, namespace }, spec: { ports: [{ port: 80 }] } })
}

/** A Secret with a certificate and key, PEM. */
export function tlsSecret(name: string, pair: Pick<Certificate, 'chain' | 'key'>, namespace = 'default'): SourceObject {
  return sourceObject('Secret', {
    metadata: { name, namespace },
    type: 'kubernetes.io/tls',
    stringData: { 'tls.crt': pair.chain, 'tls.key': pair.key },
  })
}
