import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'

import { ask } from '../support/http-client.ts'
import { startLintel } from '../support/lintel.ts'
import type { Lintel } from '../support/lintel.ts'
import { startCluster } from './support/cluster.ts'
import type { Cluster } from './support/cluster.ts'
import { untilReady } from './support/endpoints.ts'
import { welcomeLintel } from './support/lintel-rights.ts'
import { makeApplication, makeObject } from './support/objects.ts'
import { enterOwnNamespace } from './support/own-namespace.ts'
import type { KubeObject } from './support/resources.ts'

const skip = enterOwnNamespace()
const address = '192.0.2.1'

interface Event extends KubeObject {
  readonly reason: string
  readonly count?: number
}

interface Entry {
  readonly ip: string
}

/** What Lintel writes to a real API server, with the rights to write that and no more. */
describe('statuses and Events', { skip, timeout: 120_000 }, () => {
  let cluster: Cluster
  let lintel: Lintel
  const replicas: Lintel[] = []
  const start = async (): Promise<Lintel> => {
    const kubeconfig = cluster.kubeconfig('lintel')
    const args = [
      '--kubeconfig',
      kubeconfig,
      '--workers',
      '1',
      '--drain-delay',
      '0s',
      '--publish-status-address',
      address,
    ]
    const replica = await startLintel(args)
    replicas.push(replica)
    return replica
  }
  before(async () => {
    cluster = await startCluster()
    await welcomeLintel(cluster.admin)
    await allowWrites(cluster)
    for (const object of makeApplication('web', 'default')) await cluster.admin.create(object)
    await untilReady(cluster.admin, 'default', 'web', 1)
    lintel = await start()
  })
  after(async () => {
    for (const replica of replicas) await replica.stop('SIGINT')
    await cluster.stop()
  })

  const shows = (name: string, ...ips: readonly string[]): Promise<unknown> =>
    cluster.admin.until(place(name), ([found]) => entriesOf(found) === ips.join(' '))

  test('the address is there only once requests are answered', async () => {
    await cluster.admin.create(ingressFor('web', 'web'))
    await shows('web', address)
    const { status } = await ask(
      { http: lintel.httpPort, https: lintel.httpsPort },
      { method: 'GET', url: 'http://web.test/' },
    )
    assert.equal(status, 200)
  })

  test('what leaves our classes loses our entry; a foreign one stays', async () => {
    await cluster.admin.create(ingressFor('shared', 'web'))
    await shows('shared', address)
    const ingress = [{ ip: '198.51.100.7' }, { ip: address }]
    await cluster.admin.patch({ ...place('shared'), subresource: 'status' }, { status: { loadBalancer: { ingress } } })
    await cluster.admin.patch(place('shared'), { spec: { ingressClassName: 'other' } })
    await shows('shared', '198.51.100.7')
  })

  test('an Event is on the object, once, also after a restart', async () => {
    const { metadata } = await cluster.admin.create(ingressFor('broken', 'none'))
    const about = (events: readonly Event[]): readonly Event[] =>
      events.filter((event) => (event['involvedObject'] as { uid?: string }).uid === metadata.uid)
    await cluster.admin.until<Event>({ kind: 'Event', namespace: 'default' }, (found) => about(found).length === 1)
    await lintel.stop()
    const lease = await cluster.admin.get({ kind: 'Lease', namespace: 'default', name: 'lintel-leader' })
    assert.equal(Object(lease['spec'])['holderIdentity'] ?? '', '')
    lintel = await start()
    await cluster.admin.create(ingressFor('after', 'web'))
    await shows('after', address)
    await cluster.admin.create(ingressFor('broken-too', 'none'))
    const events = await cluster.admin.until<Event>({ kind: 'Event', namespace: 'default' }, (found) =>
      found.some((event) => (event['involvedObject'] as { name?: string }).name === 'broken-too'),
    )
    assert.deepEqual(
      about(events).map(({ reason }) => reason),
      ['ServiceNotFound'],
    )
    assert.equal(about(events)[0]?.['series'], undefined)
  })

  test('the leader killed: another one owns the statuses', async (t) => {
    const other = await start()
    const [supervisor, ...children] = [
      lintel.process.pid ?? 0,
      ...lintel.pids('lintel: control'),
      ...lintel.pids('lintel: worker 1'),
    ]
    for (const pid of [supervisor, ...children]) if (pid !== undefined) process.kill(pid, 'SIGKILL')
    const begun = performance.now()
    await cluster.admin.create(ingressFor('later', 'web'))
    await shows('later', address)
    t.diagnostic(`status owner again after ${Math.round(performance.now() - begun)} ms (at most 17000)`)
    assert.ok(other.pids('lintel: control').length === 1)
  })
})

function place(name: string): { kind: string; namespace: string; name: string } {
  return { kind: 'Ingress', namespace: 'default', name }
}

function ingressFor(name: string, service: string): KubeObject {
  const backend = { service: { name: service, port: { number: 80 } } }
  const rules = [{ host: `${name}.test`, http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }]
  return makeObject('Ingress', name, 'default', { spec: { ingressClassName: 'lintel', rules } })
}

function entriesOf(object: KubeObject | undefined): string {
  const { loadBalancer } = Object(object?.['status']) as { loadBalancer?: { ingress?: readonly Entry[] } }
  return (loadBalancer?.ingress ?? []).map(({ ip }) => ip).join(' ')
}

async function allowWrites({ admin }: Cluster): Promise<void> {
  const rules = [
    { apiGroups: ['networking.k8s.io'], resources: ['ingresses/status'], verbs: ['patch'] },
    { apiGroups: ['events.k8s.io'], resources: ['events'], verbs: ['create', 'patch'] },
    { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['create'] },
    {
      apiGroups: ['coordination.k8s.io'],
      resources: ['leases'],
      resourceNames: ['lintel-leader'],
      verbs: ['get', 'update'],
    },
  ]
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'lintel-writes' }
  const subjects = [{ kind: 'ServiceAccount', namespace: 'lintel', name: 'lintel' }]
  await admin.create(makeObject('ClusterRole', 'lintel-writes', undefined, { rules }))
  await admin.create(makeObject('ClusterRoleBinding', 'lintel-writes', undefined, { roleRef, subjects }))
}
