/** An object of the API as a test handles it. */
export interface KubeObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: Metadata
  readonly [field: string]: unknown
}

export interface Metadata {
  readonly name: string
  readonly namespace?: string
  readonly uid?: string
  readonly resourceVersion?: string
  readonly creationTimestamp?: string
  readonly deletionTimestamp?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
  readonly [field: string]: unknown
}

/** Where an object, or all objects of a kind, stand. */
export interface Place {
  readonly kind: string
  readonly namespace?: string | undefined
  readonly name?: string | undefined
  readonly subresource?: string
}

const pluralsByGroup: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'api/v1': {
    ConfigMap: 'configmaps',
    Event: 'events',
    Namespace: 'namespaces',
    Node: 'nodes',
    Pod: 'pods',
    Secret: 'secrets',
    Service: 'services',
    ServiceAccount: 'serviceaccounts',
  },
  'apis/admissionregistration.k8s.io/v1': { ValidatingWebhookConfiguration: 'validatingwebhookconfigurations' },
  'apis/apps/v1': { Deployment: 'deployments', ReplicaSet: 'replicasets' },
  'apis/authorization.k8s.io/v1': { SubjectAccessReview: 'subjectaccessreviews' },
  'apis/coordination.k8s.io/v1': { Lease: 'leases' },
  'apis/discovery.k8s.io/v1': { EndpointSlice: 'endpointslices' },
  'apis/networking.k8s.io/v1': {
    Ingress: 'ingresses',
    IngressClass: 'ingressclasses',
    NetworkPolicy: 'networkpolicies',
  },
  'apis/policy/v1': { PodDisruptionBudget: 'poddisruptionbudgets' },
  'apis/rbac.authorization.k8s.io/v1': {
    ClusterRole: 'clusterroles',
    ClusterRoleBinding: 'clusterrolebindings',
    Role: 'roles',
    RoleBinding: 'rolebindings',
  },
}

const resources = new Map(
  Object.entries(pluralsByGroup).flatMap(([group, plurals]) =>
    Object.entries(plurals).map(([kind, plural]) => [kind, { group, plural }] as const),
  ),
)

/** `/apis/networking.k8s.io/v1/namespaces/shop/ingresses/front/status`. */
export function pathOf({ kind, namespace, name, subresource }: Place): string {
  const resource = resources.get(kind)
  if (resource === undefined) throw new Error(`${kind} is not in the table of resources`)
  const within = namespace === undefined ? [] : ['namespaces', namespace]
  const parts = [resource.group, ...within, resource.plural, name, subresource]
  return `/${parts.filter((part) => part !== undefined).join('/')}`
}

export function placeOf({ kind, metadata }: Pick<KubeObject, 'kind' | 'metadata'>): Place {
  return { kind, namespace: metadata.namespace, name: metadata.name }
}

/** `v1` for `api/v1`, `networking.k8s.io/v1` for `apis/networking.k8s.io/v1`. */
export function apiVersionOf(kind: string): string {
  return resources.get(kind)?.group.replace(/^apis?\//, '') ?? ''
}
