import { Groups, NextMap, sameMap } from '../base/index.ts'
import { diagnose } from '../model/index.ts'
import type { BackendKey, BackendReference, Diagnostic, Snapshot } from '../model/index.ts'
import type { CompileOptions } from './compile-options.ts'
import { compareAge } from './contribution.ts'
import type { Contribution } from './contribution.ts'
import { chooseDefaultBackend } from './default-backend.ts'
import type { Entry, ReadKind } from './kind-reader.ts'
import type { IngressBackend, ServiceObject } from './kinds/index.ts'
import { mostHints, NameIndex } from './name-index.ts'
import { faultOfReference, nearService } from './service-port.ts'
import type { ReferenceFault } from './service-port.ts'

/** The backends that the table names, and which of them cannot be found. */
export interface Backends {
  readonly references: ReadonlyMap<BackendKey, BackendReference>
  readonly faults: ReadonlyMap<BackendKey, ReferenceFault>
  /** Of Ingresses with backends that cannot be found, which and why: an equal text means the same faults. */
  readonly faulty: ReadonlyMap<Contribution, string>
  /** The default backend of the process, if one was named and can be found. */
  readonly standard: BackendReference | undefined
  readonly diagnostics: readonly Diagnostic[]
}

type Services = ReadKind<ServiceObject>

const mostPorts = 10
const addService = 'Add the Service, or try it out with --backend NAME:PORT=HOST:PORT or --echo.'

/** What is wrong with the backends of one Ingress. */
interface Faults {
  readonly faults: readonly (readonly [BackendKey, ReferenceFault])[]
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Finds the Services of backends: of Ingresses that are new, and of those whose Services changed. Maps in which nothing
 * changed stay the same, and so does the reference with a key.
 */
export class BackendFinder {
  readonly #options: Pick<CompileOptions, 'allowExternalName' | 'defaultBackend'>
  readonly #services = new Groups<Entry<ServiceObject>>(({ name }) => [name])
  readonly #byService = new Groups<Contribution>(serviceNames, compareAge)
  readonly #byBackend = new Groups<Contribution>(({ references }) => references.keys(), compareAge)
  readonly #faulty = new Map<Contribution, Faults>()
  #named: ReadonlyMap<BackendKey, BackendReference> = new Map()
  #references: Backends['references'] = new Map()
  #faults: Backends['faults'] = new Map()

  constructor(options: Pick<CompileOptions, 'allowExternalName' | 'defaultBackend'>) {
    this.#options = options
  }

  /** `unread`: why nothing is known of some Services. */
  find(contributions: readonly Contribution[], services: Services, unread?: Snapshot['unreadServices']): Backends {
    this.#lookAgain(contributions, services)
    const named = this.#nameAgain(contributions)
    const { allowExternalName, defaultBackend = '' } = this.#options
    const rules = { allowExternalName, unread: unread?.get(defaultBackend) }
    const standard = chooseDefaultBackend(this.#options.defaultBackend, services, rules)
    const faulty = [...this.#faulty]
    const faults = new Map(faulty.flatMap(([, found]) => found.faults))
    if (standard?.fault !== undefined) faults.set(standard.reference.key, standard.fault)
    this.#references = sameMap(
      this.#references,
      standard === undefined ? named : withReference(named, standard.reference),
    )
    this.#faults = sameMap(this.#faults, faults)
    return {
      references: this.#references,
      faults: this.#faults,
      faulty: new Map(faulty.map(([contribution, found]) => [contribution, found.faults.join()])),
      standard: standard?.fault === undefined ? standard?.reference : undefined,
      diagnostics: [...faulty.flatMap(([, found]) => found.diagnostics), ...(standard?.diagnostics ?? [])],
    }
  }

  #lookAgain(contributions: readonly Contribution[], services: Services): void {
    const { changed, gone: left } = this.#services.update(services.entries)
    const { groups, gone, fresh } = this.#byService.update(contributions)
    for (const contribution of gone) this.#faulty.delete(contribution)
    const concerned = [...changed].flatMap((name) => groups.get(name) ?? [])
    const again = new Set([...fresh, ...concerned, ...this.#hintedBy(changed, left, services)])
    for (const contribution of again) {
      const found = this.#lookUp(contribution, services)
      if (found.diagnostics.length > 0) this.#faulty.set(contribution, found)
      else this.#faulty.delete(contribution)
    }
  }

  /** Hints name what there is: of what cannot be found is told anew where a Service came or went that may be meant. */
  #hintedBy(changed: ReadonlySet<string>, left: readonly Entry<ServiceObject>[], services: Services): Contribution[] {
    const before = new Set(left.filter(({ value }) => value !== undefined).map(({ name }) => name))
    const moved = new NameIndex([...changed].filter((name) => before.has(name) !== services.byName.has(name)))
    const mayBeMeant = ({ namespace, service }: BackendReference): boolean =>
      moved.namesIn(namespace).length + moved.namespacesWith(service).length > 0
    return [...this.#faulty.keys()].filter(({ references }) => [...references.values()].some(mayBeMeant))
  }

  #nameAgain(contributions: readonly Contribution[]): ReadonlyMap<BackendKey, BackendReference> {
    const { groups, changed } = this.#byBackend.update(contributions)
    const next = new NextMap(this.#named)
    for (const key of changed) {
      const naming = groups.get(key)?.[0]
      next.put(key, naming && (this.#named.get(key) ?? naming.references.get(key)))
    }
    this.#named = next.map
    return this.#named
  }

  #lookUp(contribution: Contribution, services: Services): Faults {
    const faults: (readonly [BackendKey, ReferenceFault])[] = []
    const diagnostics: Diagnostic[] = []
    for (const { backend, reference } of contribution.backends) {
      if (reference === undefined) {
        diagnostics.push(resourceBackend(contribution, backend))
        continue
      }
      const service = services.byName.get(serviceName(reference))
      const fault = faultOfReference(reference, service, this.#options.allowExternalName)
      if (fault === undefined) continue
      faults.push([reference.key, fault])
      diagnostics.push(
        describe(fault, { contribution, backend, reference, service }, services, diagnostics.length < mostHints),
      )
    }
    return { faults, diagnostics }
  }
}

function serviceNames({ references }: Contribution): ReadonlySet<string> {
  return new Set([...references.values()].map(serviceName))
}

function serviceName({ namespace, service }: BackendReference): string {
  return `${namespace}/${service}`
}

function withReference(
  named: ReadonlyMap<BackendKey, BackendReference>,
  reference: BackendReference,
): ReadonlyMap<BackendKey, BackendReference> {
  return named.has(reference.key) ? named : new Map(named).set(reference.key, reference)
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

function describe(fault: ReferenceFault, faulty: Faulty, services: Services, isHinted: boolean): Diagnostic {
  const { contribution, backend, reference, service } = faulty
  const object = contribution.ingress.ref
  const name = serviceName(reference)
  if (service === undefined) {
    const place = { object, field: `${backend.field}.service.name` }
    return diagnose('ServiceNotFound', place, describeMissing(reference, services, isHinted))
  }
  if (fault === 'ServicePortNotFound') {
    const message = `Service ${name} has no TCP port ${reference.port}: it answers 503`
    return diagnose(fault, { object, field: `${backend.field}.service.port` }, { message, hint: portHint(service) })
  }
  const message = `Service ${name} stands for ${service.externalName}: it answers 503`
  const hint =
    'Names outside are off by default (--allow-external-name); names of this machine and addresses always are.'
  return diagnose(fault, { object, field: `${backend.field}.service.name` }, { message, hint })
}

/** One that was refused is there, for all who look: so it is not called missing. */
function describeMissing(
  reference: BackendReference,
  services: Services,
  isHinted: boolean,
): Pick<Diagnostic, 'message' | 'hint'> {
  const problem = services.problemOf(serviceName(reference))
  if (problem !== undefined)
    return {
      message: `Service ${serviceName(reference)} is refused: ${problem}; it answers 503`,
      hint: 'Mend the Service.',
    }
  return {
    message: `there is no Service ${reference.service} in namespace ${reference.namespace}: it answers 503`,
    hint: isHinted ? serviceHint(reference, services) : addService,
  }
}

function serviceHint(reference: BackendReference, { index }: Services): string {
  const near = nearService(reference, index)
  if (near !== undefined) return near
  const [elsewhere] = index.namespacesWith(reference.service)
  if (elsewhere !== undefined)
    return `There is one in namespace ${elsewhere}; an Ingress reaches Services of its own namespace alone.`
  return addService
}

function portHint(service: ServiceObject): string {
  const ports = service.ports.filter(({ protocol }) => protocol === 'TCP')
  if (ports.length === 0) return 'The Service has no TCP port.'
  const shown = ports.slice(0, mostPorts).map(({ port, name }) => (name === '' ? `${port}` : `${port} (${name})`))
  if (shown.length < ports.length) shown.push('…')
  return `It has ${shown.join(', ')}. The port is that of the Service, not the targetPort.`
}
