import type { KindDescriptor, ObjectRef, SourceObject } from '../../model/index.ts'
import { readObject } from '../decode.ts'
import type { Cursor, Read } from '../decode.ts'
import { isLabel, isSubdomain } from '../names.ts'
import { readMetadata } from './metadata.ts'
import { checkTypedReference } from './typed-reference.ts'

export const ingressClassKind: KindDescriptor = {
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'IngressClass',
  plural: 'ingressclasses',
  namespaced: false,
}

export interface IngressClassObject {
  readonly ref: ObjectRef
  readonly created: number
  readonly controller: string
  readonly isDefault: boolean
}

const longestController = 250
const defaultClass = 'ingressclass.kubernetes.io/is-default-class'

export function readIngressClass(object: SourceObject): Read<IngressClassObject> {
  return readObject(object, (root) => {
    const { annotations } = readMetadata(root, ingressClassKind)
    const spec = root.at('spec')
    const controller = spec.at('controller')
    controller.require(
      spec,
      'controller',
      'Name the controller: lintel.dev/ingress-controller or k8s.io/ingress-nginx.',
    )
    const name = controller.string() ?? ''
    if (!controller.absent) checkController(controller, name)
    checkParameters(spec.at('parameters'))
    return {
      ref: object.ref,
      created: object.created,
      controller: name,
      isDefault: annotations.get(defaultClass) === 'true',
    }
  })
}

function checkController(at: Cursor, name: string): void {
  const slash = name.indexOf('/')
  const wellFormed =
    slash > 0 && isSubdomain(name.slice(0, slash)) && /^[\w~!$&'()*+,;=:%./-]+$/.test(name.slice(slash + 1))
  if (!wellFormed || name.length > longestController)
    at.refuse(`"${name}" is not a domain and a path`, 'Write it as example.com/controller.')
}

function checkParameters(at: Cursor): void {
  if (!at.isMap()) return
  checkTypedReference(at)
  checkScope(at)
}

function checkScope(parameters: Cursor): void {
  const scope = parameters.at('scope').oneOf(['Cluster', 'Namespace'] as const) ?? 'Cluster'
  const at = parameters.at('namespace')
  const text = at.string()
  if (scope === 'Namespace' && at.absent) at.refuse('required with scope Namespace, but missing', 'Name the namespace.')
  if (scope === 'Cluster' && !at.absent)
    at.refuse('forbidden with scope Cluster', 'Remove it, or write scope: Namespace.')
  if (text !== undefined && !isLabel(text)) at.refuse(`"${text}" is not a DNS label`, 'Name a namespace.')
}
