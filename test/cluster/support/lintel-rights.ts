import type { ApiClient } from './api-client.ts'
import { lintelUser } from './cluster.ts'
import { makeObject } from './objects.ts'

const reading = ['get', 'list', 'watch']
const group = 'rbac.authorization.k8s.io'

/** What Lintel may do in a whole cluster, whatever the scope of its Secrets and the name of its Lease is. */
const rules = [
  { apiGroups: [''], resources: ['services', 'namespaces'], verbs: reading },
  { apiGroups: [''], resources: ['secrets'], verbs: reading },
  { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: reading },
  { apiGroups: ['networking.k8s.io'], resources: ['ingresses', 'ingressclasses'], verbs: reading },
  { apiGroups: ['networking.k8s.io'], resources: ['ingresses/status'], verbs: ['patch'] },
  { apiGroups: ['events.k8s.io'], resources: ['events'], verbs: ['create', 'patch'] },
  { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['create', 'get', 'update'] },
]

const name = 'lintel-of-the-tests'
const roleRef = { apiGroup: group, kind: 'ClusterRole', name }

/** Gives Lintel's user its rights. */
export async function welcomeLintel(admin: ApiClient): Promise<void> {
  const subjects = [{ apiGroup: group, kind: 'User', name: lintelUser }]
  await admin.create(makeObject('ClusterRole', name, undefined, { rules }))
  await admin.create(makeObject('ClusterRoleBinding', name, undefined, { roleRef, subjects }))
}

/** Gives accounts the same rights, once Lintel's user has them. */
export async function welcomeAccounts(admin: ApiClient, namespace: string, accounts: readonly string[]): Promise<void> {
  const subjects = accounts.map((account) => ({ kind: 'ServiceAccount', name: account, namespace }))
  await admin.create(makeObject('ClusterRoleBinding', `${name}-${namespace}`, undefined, { roleRef, subjects }))
}
