import type { ApiClient } from './api-client.ts'
import { makeObject } from './objects.ts'

const reading = ['get', 'list', 'watch']

/** What Lintel may do in a whole cluster, with Secrets by name. */
const rules = [
  { apiGroups: [''], resources: ['services', 'namespaces'], verbs: reading },
  { apiGroups: [''], resources: ['secrets'], verbs: ['get'] },
  { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: reading },
  { apiGroups: ['networking.k8s.io'], resources: ['ingresses', 'ingressclasses'], verbs: reading },
]

/** Gives Lintel's user its rights, and the cluster its class. */
export async function welcomeLintel(admin: ApiClient): Promise<void> {
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'lintel' }
  const subjects = [{ kind: 'ServiceAccount', namespace: 'lintel', name: 'lintel' }]
  for (const object of [
    makeObject('ClusterRole', 'lintel', undefined, { rules }),
    makeObject('ClusterRoleBinding', 'lintel', undefined, { roleRef, subjects }),
    makeObject('IngressClass', 'lintel', undefined, { spec: { controller: 'lintel.dev/ingress-controller' } }),
  ])
    await admin.create(object)
}
