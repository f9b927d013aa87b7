import type { Manifest } from '../../deploy/render.ts'

/** Wherever a namespace is named, in objects and flags. */
const namespaceNames =
  /(?<="namespace":"|--watch-namespace=|--configmap=)(lintel|team-a|default|ingress-nginx)(?=["/])/g

/**
 * A rendered overlay that shares a cluster with others: namespaces and what stands in none have names that begin with
 * `name`, and it reviews nothing. Its rights are as wide as before.
 */
export function relocate(manifests: readonly Manifest[], name: string): Manifest[] {
  const namespaces: Readonly<Record<string, string>> = { default: `${name}-one`, 'ingress-nginx': `${name}-two` }
  const text = JSON.stringify(manifests).replaceAll(namespaceNames, (namespace) => namespaces[namespace] ?? name)
  return (JSON.parse(text) as Manifest[]).flatMap((manifest) => renamed(manifest, name))
}

function renamed(manifest: Manifest, name: string): readonly Manifest[] {
  const { kind, metadata } = manifest
  const named = (to: string): Manifest => ({ ...manifest, metadata: { ...metadata, name: to } })
  const within = (of: string): string => `${name}:${of}`
  if (kind === 'IngressClass') return metadata.name === 'lintel' ? [named(name)] : []
  if (kind === 'ClusterRole') return [named(within(metadata.name))]
  if (kind === 'ValidatingWebhookConfiguration') return [reviewingNothing(manifest, name)]
  if (kind !== 'ClusterRoleBinding') return [manifest]
  const roleRef = manifest['roleRef'] as { readonly name: string }
  return [{ ...named(within(metadata.name)), roleRef: { ...roleRef, name: within(roleRef.name) } }]
}

/** Nobody makes Ingresses in the namespace of the pod. */
function reviewingNothing(manifest: Manifest, name: string): Manifest {
  const namespaceSelector = { matchLabels: { 'kubernetes.io/metadata.name': name } }
  const webhooks = manifest['webhooks'] as readonly object[]
  return { ...manifest, webhooks: webhooks.map((webhook) => ({ ...webhook, namespaceSelector })) }
}
