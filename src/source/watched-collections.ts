import type { Reflected } from '../kube/index.ts'
import type { KindDescriptor } from '../model/index.ts'

/** Who may be read: those that accepted objects name, one by one; all of the watched namespaces; all of the cluster. */
export type SecretScope = 'named' | 'namespaces' | 'cluster'

/** What of a cluster is watched. Plain data. */
export interface WatchOptions {
  /** Empty: all. */
  readonly namespaces: readonly string[]
  /** Labels of the namespaces that count; undefined: all. */
  readonly namespaceSelector: string | undefined
  readonly secrets: SecretScope
  /** `namespace/name` of the only ConfigMap that is read. */
  readonly configMap: string | undefined
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

function collectionsOf(kind: KindDescriptor, { namespaces, secrets, configMap }: WatchOptions): Reflected[] {
  if (kind.kind === 'ConfigMap') return configMap === undefined ? [] : [configMapCollection(kind, configMap)]
  const isSecret = kind.kind === 'Secret'
  if (isSecret && secrets === 'named') return []
  const everywhere = namespaces.length === 0 || !kind.namespaced || (isSecret && secrets === 'cluster')
  const selected = isSecret ? { fieldSelector } : {}
  // Rights within namespaces alone do not reach kinds that have none: they then count as absent.
  if (everywhere) return [{ kind, scope: selected, optional: namespaces.length > 0 && !kind.namespaced }]
  return namespaces.map((namespace) => ({ kind, scope: { ...selected, namespace }, optional: false }))
}

/** One object as a collection, wherever it is, so that it is followed like any other. */
function configMapCollection(kind: KindDescriptor, configMap: string): Reflected {
  const [namespace = '', name = ''] = configMap.split('/')
  return { kind, scope: { namespace, fieldSelector: `metadata.name=${name}` }, optional: false }
}
