import { renderOverlay, renderWith } from '../../deploy/render.ts'
import type { Manifest } from '../../deploy/render.ts'
import type { ApiClient } from './api-client.ts'
import { lintelUser } from './cluster.ts'
import { makeObject } from './objects.ts'

interface Rule {
  readonly resourceNames?: readonly string[]
}

const group = 'rbac.authorization.k8s.io'
const name = 'lintel-of-the-tests'
const roleRef = { apiGroup: group, kind: 'ClusterRole', name }

/**
 * Gives Lintel's user the rights of `deploy/`, for each scope of Secrets that the tests have. Only where they hold is wider:
 * in every namespace and under any name, since each test has a namespace and a Lease of its own.
 */
export async function welcomeLintel(admin: ApiClient): Promise<void> {
  const rules = [...renderOverlay('cloud'), ...renderWith('cloud', ['secrets-cluster'])].flatMap(rulesOf)
  const subjects = [{ apiGroup: group, kind: 'User', name: lintelUser }]
  await admin.create(makeObject('ClusterRole', name, undefined, { rules }))
  await admin.create(makeObject('ClusterRoleBinding', name, undefined, { roleRef, subjects }))
}

/** Gives accounts the same rights, once Lintel's user has them. */
export async function welcomeAccounts(admin: ApiClient, namespace: string, accounts: readonly string[]): Promise<void> {
  const subjects = accounts.map((account) => ({ kind: 'ServiceAccount', name: account, namespace }))
  await admin.create(makeObject('ClusterRoleBinding', `${name}-${namespace}`, undefined, { roleRef, subjects }))
}

function rulesOf({ kind, rules }: Manifest): object[] {
  if (kind !== 'Role' && kind !== 'ClusterRole') return []
  return (rules as readonly Rule[]).map(({ resourceNames: _names, ...rule }) => rule)
}
