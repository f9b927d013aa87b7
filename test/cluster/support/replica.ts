import { startLintel } from '../../support/lintel.ts'
import type { Lintel } from '../../support/lintel.ts'
import type { Cluster } from './cluster.ts'
import { makeObject } from './objects.ts'

/** A namespace, and a class of the same name that one of the exercises has to itself. */
export async function claim(
  { admin }: Cluster,
  name: string,
  controller = 'lintel.dev/ingress-controller',
): Promise<void> {
  await admin.create(makeObject('Namespace', name, undefined, {}))
  await admin.create(makeObject('IngressClass', name, undefined, { spec: { controller } }))
}

interface ReplicaOptions {
  /** URL of a proxy before the API server. */
  readonly server?: string
  readonly environment?: Readonly<Record<string, string>>
}

/** A Lintel that serves this class alone. Its replicas share a Lease, and nobody else does. */
export function startReplica(
  cluster: Cluster,
  ingressClass: string,
  flags: readonly string[] = [],
  { server, environment = {} }: ReplicaOptions = {},
): Promise<Lintel> {
  const access = ['--kubeconfig', cluster.kubeconfig('lintel', server)]
  const own = ['--only-class', ingressClass, '--election-id', `lintel-${ingressClass}`]
  return startLintel([...access, ...own, ...flags], undefined, { environment })
}
