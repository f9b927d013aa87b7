/** Names one Kubernetes object. Cluster-scoped kinds have the empty namespace. */
export interface ObjectRef {
  readonly kind: string
  readonly namespace: string
  readonly name: string
}

/** `namespace/name`, the form that conflicts are ordered by and messages are written with. */
export function namespacedName(ref: { readonly namespace: string; readonly name: string }): string {
  return ref.namespace === '' ? ref.name : `${ref.namespace}/${ref.name}`
}
