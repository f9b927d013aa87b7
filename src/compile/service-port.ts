import { nearest } from '../base/index.ts'
import type { BackendReference } from '../model/index.ts'
import type { ServiceObject, ServicePort } from './kinds/index.ts'
import type { NameIndex } from './name-index.ts'

/** Why a backend cannot be found. */
export type ReferenceFault = 'ServiceNotFound' | 'ServicePortNotFound' | 'ExternalNameNotAllowed'

/** The TCP port of a Service that an Ingress names, by number or by name. */
export function findServicePort({ ports }: ServiceObject, port: number | string): ServicePort | undefined {
  return ports.find((candidate) => candidate.protocol === 'TCP' && (candidate.port === port || candidate.name === port))
}

/** Names that lead to this machine or look like addresses are never asked for, whoever writes them. */
export function isForgeableName(name: string): boolean {
  return /^[\d.]+$/.test(name) || name.includes(':') || name === 'localhost' || name.endsWith('.localhost')
}

export function faultOfReference(
  { port }: BackendReference,
  service: ServiceObject | undefined,
  allowExternalName: boolean,
): ReferenceFault | undefined {
  if (service === undefined) return 'ServiceNotFound'
  if (service.externalName !== undefined && (!allowExternalName || isForgeableName(service.externalName)))
    return 'ExternalNameNotAllowed'
  if (service.externalName !== undefined && service.ports.length === 0 && typeof port === 'number') return undefined
  return findServicePort(service, port) === undefined ? 'ServicePortNotFound' : undefined
}

/** A Service of the same namespace with nearly the same name, as a hint. */
export function nearService(
  { namespace, service }: Pick<BackendReference, 'namespace' | 'service'>,
  index: NameIndex,
): string | undefined {
  const near = nearest(service, index.namesIn(namespace))
  return near === undefined ? undefined : `Is ${near} meant?`
}
