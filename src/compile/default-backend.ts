import { diagnose } from '../model/index.ts'
import type { BackendReference, Diagnostic } from '../model/index.ts'
import type { ReadKind } from './kind-reader.ts'
import type { ServiceObject } from './kinds/index.ts'
import type { NameIndex } from './name-index.ts'
import { faultOfReference, nearService } from './service-port.ts'
import type { ReferenceFault } from './service-port.ts'

/** The Service that takes what nothing else takes. */
export interface DefaultBackend {
  readonly reference: BackendReference
  /** One that cannot be found takes nothing: the answer is 404 as if none were named. */
  readonly fault: ReferenceFault | undefined
  readonly diagnostics: readonly Diagnostic[]
}

const standardPort = 80

/** How the Service is looked at. */
export interface DefaultBackendRules {
  readonly allowExternalName: boolean
  /** Why nothing is known of it, if it may not be read. */
  readonly unread: string | undefined
}

/** `name` is `namespace/name`; requests go to the first TCP port of the Service. */
export function chooseDefaultBackend(
  name: string | undefined,
  services: Pick<ReadKind<ServiceObject>, 'byName' | 'index' | 'problemOf'>,
  { allowExternalName, unread }: DefaultBackendRules,
): DefaultBackend | undefined {
  if (name === undefined) return undefined
  const [namespace = '', service = ''] = name.split('/')
  const object = services.byName.get(name)
  const port = object?.ports.find(({ protocol }) => protocol === 'TCP')?.port ?? standardPort
  const reference = { key: `${name}:${port}`, namespace, service, port }
  const fault = faultOfReference(reference, object, allowExternalName)
  if (fault === undefined) return { reference, fault, diagnostics: [] }
  const place = { object: { kind: 'Service', namespace, name: service }, field: '' }
  const told =
    unread === undefined
      ? diagnose(fault, place, describeFault(fault, reference, services))
      : diagnose('ServiceUnread', place, describeUnread(name, unread))
  return { reference, fault, diagnostics: [told] }
}

type Text = Parameters<typeof diagnose>[2]

function describeFault(
  fault: ReferenceFault,
  reference: BackendReference,
  services: Pick<ReadKind<ServiceObject>, 'byName' | 'index' | 'problemOf'>,
): Text {
  const name = `${reference.namespace}/${reference.service}`
  const problem = services.problemOf(name)
  return {
    message: `the default backend ${name} ${problem === undefined ? faults[fault] : `is refused: ${problem}`}; what nobody takes is answered 404`,
    hint: problem === undefined ? hintOf(fault, reference, services.index) : 'Mend the Service.',
  }
}

/** Nobody can tell whether it is there. */
function describeUnread(name: string, unread: string): Text {
  return {
    message: `the default backend ${name} could not be read: ${unread}; until it has been, what nobody takes is answered 404`,
    hint: 'Let Lintel list and watch this Service, and the EndpointSlices of its namespace.',
  }
}

const faults: Readonly<Record<ReferenceFault, string>> = {
  ServiceNotFound: 'does not exist',
  ServicePortNotFound: 'has no TCP port',
  ExternalNameNotAllowed: 'is of type ExternalName',
}

function hintOf(fault: ReferenceFault, reference: BackendReference, index: NameIndex): string {
  if (fault === 'ExternalNameNotAllowed') return '--allow-external-name allows it.'
  const near = fault === 'ServiceNotFound' ? nearService(reference, index) : undefined
  return near ?? '--default-backend-service names a Service as namespace/name.'
}
