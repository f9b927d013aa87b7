import type { Manifest } from './render.ts'

/** One verb on one resource, as far as a role gives it. */
export interface Right {
  readonly verb: string
  /** `` is the core group. */
  readonly group: string
  /** `ingresses`, `ingresses/status`. */
  readonly resource: string
  /** undefined: in all of them, and for what stands in none. */
  readonly namespace: string | undefined
  /** undefined: whatever its name is. */
  readonly name: string | undefined
}

interface Rule {
  readonly apiGroups: readonly string[]
  readonly resources: readonly string[]
  readonly resourceNames?: readonly string[]
  readonly verbs: readonly string[]
}

interface Binding extends Manifest {
  readonly roleRef: { readonly kind: string; readonly name: string }
  readonly subjects: readonly { readonly kind: string; readonly name: string; readonly namespace?: string }[]
}

/** Who has rights, what gives them, and what Lintel expects to find: classes, and the configuration that it completes. */
export function prerequisitesIn(manifests: readonly Manifest[]): Manifest[] {
  return manifests.filter(({ kind }) =>
    /^ServiceAccount$|^(Cluster)?Role(Binding)?$|^IngressClass$|^ValidatingWebhookConfiguration$/.test(kind),
  )
}

/** All that bindings give to their subjects. */
export function rightsIn(manifests: readonly Manifest[]): Right[] {
  return manifests.filter(isBinding).flatMap(({ kind, roleRef, metadata }) => {
    const namespace = kind === 'RoleBinding' ? metadata.namespace : undefined
    return rulesOf(manifests, roleRef, metadata.namespace).flatMap((rule) => rightsOf(rule, namespace))
  })
}

/** The user that bindings name: there is one. */
export function subjectIn(manifests: readonly Manifest[]): string {
  const subjects = manifests.filter(isBinding).flatMap(({ subjects: of }) => of)
  const [user, ...others] = new Set(subjects.map(({ namespace, name }) => `system:serviceaccount:${namespace}:${name}`))
  if (user === undefined || others.length > 0) throw new Error(`not one subject, but ${[user, ...others].join(', ')}`)
  return user
}

/** Whether the wider right gives all that the other one does. */
export function includes(wider: Right, right: Right): boolean {
  return (
    wider.verb === right.verb &&
    wider.group === right.group &&
    wider.resource === right.resource &&
    (wider.namespace === undefined || wider.namespace === right.namespace) &&
    (wider.name === undefined || wider.name === right.name)
  )
}

/** `get leases lintel-leader in lintel`. */
export function printRight({ verb, resource, namespace, name }: Right): string {
  return [verb, resource, name, namespace === undefined ? 'everywhere' : `in ${namespace}`]
    .filter((part) => part !== undefined)
    .join(' ')
}

function isBinding(manifest: Manifest): manifest is Binding {
  return manifest.kind === 'RoleBinding' || manifest.kind === 'ClusterRoleBinding'
}

function rulesOf(
  manifests: readonly Manifest[],
  { kind, name }: Binding['roleRef'],
  namespace: string | undefined,
): readonly Rule[] {
  const role = manifests.find(
    ({ kind: each, metadata }) =>
      each === kind && metadata.name === name && (kind === 'ClusterRole' || metadata.namespace === namespace),
  )
  if (role === undefined) throw new Error(`there is no ${kind} ${name}`)
  return role['rules'] as readonly Rule[]
}

function rightsOf({ apiGroups, resources, resourceNames, verbs }: Rule, namespace: string | undefined): Right[] {
  return apiGroups.flatMap((group) =>
    resources.flatMap((resource) =>
      verbs.flatMap((verb) =>
        (resourceNames ?? [undefined]).map((name) => ({ verb, group, resource, namespace, name })),
      ),
    ),
  )
}
