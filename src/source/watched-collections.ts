import type { Reflected } from '../kube/index.ts'
import type { KindDescriptor } from '../model/index.ts'
import { flaggedScope } from './flagged-objects.ts'
import type { FlaggedObjects, FlaggedScope } from './flagged-objects.ts'

/** Who may be read: those that accepted objects name, one by one; all of the watched namespaces; all of the cluster. */
export type SecretScope = 'named' | 'namespaces' | 'cluster'

/** What of a cluster is watched. Plain data. */
export interface WatchOptions extends FlaggedObjects {
  /** Empty: all. */
  readonly namespaces: readonly string[]
  /** Labels of the namespaces that count; undefined: all. */
  readonly namespaceSelector: string | undefined
  readonly secrets: SecretScope
}

/** Watched only to know which namespaces a selector chooses. */
export const namespaceKind: KindDescriptor = {
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  namespaced: false,
}

/** Large, and never a certificate. */
const otherSecrets = ['helm.sh/release.v1', 'kubernetes.io/service-account-token', 'kubernetes.io/dockerconfigjson']
const fieldSelector = otherSecrets.map((type) => `type!=${type}`).join(',')

/** The collections to watch: one for each kind, or one for each kind and namespace. */
export function watchedCollections(options: WatchOptions, kinds: readonly KindDescriptor[]): Reflected[] {
  const { namespaces, namespaceSelector } = options
  const chosen = kinds.flatMap((kind) => collectionsOf(kind, options))
  if (namespaceSelector === undefined || namespaces.length > 0) return chosen
  return [{ kind: namespaceKind, scope: { labelSelector: namespaceSelector }, optional: false }, ...chosen]
}

function collectionsOf(kind: KindDescriptor, options: WatchOptions): Reflected[] {
  const { namespaces, secrets } = options
  const flagged = flaggedScope(kind.kind, options)
  if (kind.kind === 'ConfigMap') return flagged === undefined ? [] : [{ kind, scope: flagged, optional: false }]
  if (kind.kind !== 'Secret') return inNamespaces({ kind, scope: {} }, namespaces, flagged)
  if (secrets === 'named') return []
  return inNamespaces({ kind, scope: { fieldSelector } }, secrets === 'cluster' ? [] : namespaces, flagged)
}

/** Everywhere where no namespaces are named; else in each of them, and what a flag names wherever it is. */
function inNamespaces(
  { kind, scope }: Omit<Reflected, 'optional'>,
  namespaces: readonly string[],
  flagged: FlaggedScope | undefined,
): Reflected[] {
  // Rights within namespaces alone do not reach kinds that have none: they then count as absent.
  if (namespaces.length === 0 || !kind.namespaced) return [{ kind, scope, optional: namespaces.length > 0 }]
  const watched = namespaces.map((namespace) => ({ kind, scope: { ...scope, namespace }, optional: false }))
  const outside = flagged !== undefined && !namespaces.includes(flagged.namespace)
  // Nothing else waits for it, nor for the rights that it takes.
  return outside ? [...watched, { kind, scope: flagged, optional: true }] : watched
}
