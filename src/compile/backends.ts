import { diagnose } from '../model/index.ts'
import type { BackendKey, BackendReference, Diagnostic } from '../model/index.ts'
import { referenceOf } from './build-route.ts'
import type { CompileOptions } from './compile-options.ts'
import type { Contribution } from './contribution.ts'
import { chooseDefaultBackend } from './default-backend.ts'
import type { IngressBackend, ServiceObject } from './kinds/index.ts'
import { faultOfReference, nearService } from './service-port.ts'
import type { ReferenceFault } from './service-port.ts'

/** The backends that the table names, and which of them cannot be found. */
export interface Backends {
  readonly references: ReadonlyMap<BackendKey, BackendReference>
  readonly faults: ReadonlyMap<BackendKey, ReferenceFault>
  /** The default backend of the process, if one was named and can be found. */
  readonly standard: BackendReference | undefined
  readonly diagnostics: readonly Diagnostic[]
}

export function compileBackends(
  contributions: readonly Contribution[],
  services: ReadonlyMap<string, ServiceObject>,
  { allowExternalName, defaultBackend }: Pick<CompileOptions, 'allowExternalName' | 'defaultBackend'>,
): Backends {
  const references = new Map<BackendKey, BackendReference>()
  const faults = new Map<BackendKey, ReferenceFault>()
  const diagnostics: Diagnostic[] = []
  for (const contribution of contributions) {
    for (const backend of backendsOf(contribution)) {
      const reference = referenceOf(contribution, backend)
      if (reference === undefined) {
        diagnostics.push(resourceBackend(contribution, backend))
        continue
      }
      const service = services.get(`${reference.namespace}/${reference.service}`)
      const fault = faultOfReference(reference, service, allowExternalName)
      references.set(reference.key, reference)
      if (fault === undefined) continue
      faults.set(reference.key, fault)
      diagnostics.push(describe(fault, { contribution, backend, reference, service }, services))
    }
  }
  const standard = chooseDefaultBackend(defaultBackend, services, allowExternalName)
  if (standard !== undefined) {
    const { reference, fault } = standard
    references.set(reference.key, reference)
    if (fault !== undefined) faults.set(reference.key, fault)
  }
  return {
    references,
    faults,
    standard: standard?.fault === undefined ? standard?.reference : undefined,
    diagnostics: [...diagnostics, ...(standard?.diagnostics ?? [])],
  }
}

function backendsOf({ ingress }: Contribution): IngressBackend[] {
  const paths = ingress.rules.flatMap((rule) => rule.paths ?? []).map(({ backend }) => backend)
  return ingress.defaultBackend === undefined ? paths : [ingress.defaultBackend, ...paths]
}

function resourceBackend({ ingress }: Contribution, backend: IngressBackend): Diagnostic {
  const place = { object: ingress.ref, field: `${backend.field}.resource` }
  const text = { message: 'the backend is a resource, not a Service: it answers 503', hint: 'Use backend.service.' }
  return diagnose('ResourceBackend', place, text)
}

interface Faulty {
  readonly contribution: Contribution
  readonly backend: IngressBackend
  readonly reference: BackendReference
  readonly service: ServiceObject | undefined
}

function describe(fault: ReferenceFault, faulty: Faulty, services: ReadonlyMap<string, ServiceObject>): Diagnostic {
  const { contribution, backend, reference, service } = faulty
  const object = contribution.ingress.ref
  const name = `${reference.namespace}/${reference.service}`
  if (fault === 'ServiceNotFound') {
    const message = `there is no Service ${reference.service} in namespace ${reference.namespace}: it answers 503`
    return diagnose(
      fault,
      { object, field: `${backend.field}.service.name` },
      { message, hint: serviceHint(reference, services) },
    )
  }
  if (fault === 'ServicePortNotFound') {
    const message = `Service ${name} has no TCP port ${reference.port}: it answers 503`
    return diagnose(fault, { object, field: `${backend.field}.service.port` }, { message, hint: portHint(service) })
  }
  const message = `Service ${name} stands for ${service?.externalName}: it answers 503`
  const hint =
    'Names outside are off by default (--allow-external-name); names of this machine and addresses always are.'
  return diagnose(fault, { object, field: `${backend.field}.service.name` }, { message, hint })
}

function serviceHint({ namespace, service }: BackendReference, services: ReadonlyMap<string, ServiceObject>): string {
  const near = nearService({ namespace, service }, services)
  if (near !== undefined) return near
  const elsewhere = [...services.values()].find(({ ref }) => ref.name === service)
  if (elsewhere !== undefined)
    return `There is one in namespace ${elsewhere.ref.namespace}; an Ingress reaches Services of its own namespace alone.`
  return 'Add the Service, or try it out with --backend NAME:PORT=HOST:PORT or --echo.'
}

function portHint(service: ServiceObject | undefined): string {
  const ports = service?.ports.filter(({ protocol }) => protocol === 'TCP') ?? []
  if (ports.length === 0) return 'The Service has no TCP port.'
  return `It has ${ports.map(({ port, name }) => (name === '' ? `${port}` : `${port} (${name})`)).join(', ')}. The port is that of the Service, not the targetPort.`
}
