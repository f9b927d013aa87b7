import type { Scope } from '../kube/index.ts'
import { namespacedName } from '../model/index.ts'
import type { SourceObject } from '../model/index.ts'
import { serviceLabel, serviceOfSlice } from './service-label.ts'

/** The objects that flags name, as `namespace/name`: these count wherever they are. */
export interface FlaggedObjects {
  /** The only ConfigMap that is read. */
  readonly configMap: string | undefined
  /** A Secret. */
  readonly defaultCertificate: string | undefined
  /** A Service, with its EndpointSlices. */
  readonly defaultBackend: string | undefined
}

/** Such a one stands in a namespace. */
export interface FlaggedScope extends Scope {
  readonly namespace: string
}

/** What of a kind a flag names, as a collection: it is followed like any other. */
export function flaggedScope(kind: string, flagged: FlaggedObjects): FlaggedScope | undefined {
  const named = nameOf(kind, flagged)
  if (named === undefined) return undefined
  const [namespace = '', name = ''] = named.split('/')
  return kind === 'EndpointSlice'
    ? { namespace, labelSelector: `${serviceLabel}=${name}` }
    : { namespace, fieldSelector: `metadata.name=${name}` }
}

/** Whether a flag names an object, or the Service that it belongs to. */
export function isFlagged(object: SourceObject, flagged: FlaggedObjects): boolean {
  const { kind, namespace } = object.ref
  const named = nameOf(kind, flagged)
  if (named === undefined) return false
  const own = kind === 'EndpointSlice' ? `${namespace}/${serviceOfSlice(object)}` : namespacedName(object.ref)
  return own === named
}

function nameOf(kind: string, { configMap, defaultCertificate, defaultBackend }: FlaggedObjects): string | undefined {
  if (kind === 'ConfigMap') return configMap
  if (kind === 'Secret') return defaultCertificate
  return kind === 'Service' || kind === 'EndpointSlice' ? defaultBackend : undefined
}
