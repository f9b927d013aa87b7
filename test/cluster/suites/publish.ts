import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { ask } from '../../support/http-client.ts'
import type { Lintel } from '../../support/lintel.ts'
import type { Cluster } from '../support/cluster.ts'
import { untilReady } from '../support/endpoints.ts'
import { makeApplication } from '../support/objects.ts'
import { claim, startReplica } from '../support/replica.ts'
import { pathOf } from '../support/resources.ts'
import type { KubeObject, Place } from '../support/resources.ts'
import { makeRoute } from '../support/routes.ts'
import { entriesOf } from '../support/statuses.ts'

const namespace = 'publish'
const address = '192.0.2.1'

interface Event extends KubeObject {
  readonly reason: string
  readonly count?: number
}

/** What Lintel writes to a real API server. */
export function publish(cluster: Cluster): void {
  const flags = ['--workers', '1', '--drain-delay', '0s', '--publish-status-address', address]
  let lintel: Lintel
  before(async () => {
    await claim(cluster, namespace)
    for (const object of makeApplication('web', namespace)) await cluster.admin.create(object)
    await untilReady(cluster.admin, namespace, 'web', 1)
    lintel = await startReplica(cluster, namespace, flags)
  })
  after(() => lintel.stop('SIGINT'))

  const shows = (name: string, ...ips: readonly string[]): Promise<unknown> =>
    cluster.admin.until(place(name), ([found]) => entriesOf(found) === ips.join(' '))

  test('the address is there only once requests are answered', async () => {
    await cluster.admin.create(routeTo('web', 'web'))
    await shows('web', address)
    const { status } = await ask(
      { http: lintel.httpPort, https: lintel.httpsPort },
      { method: 'GET', url: 'http://web.test/' },
    )
    assert.equal(status, 200)
  })

  test('what leaves our classes loses our entry; a foreign one stays', async () => {
    await cluster.admin.create(routeTo('shared', 'web'))
    await shows('shared', address)
    const ingress = [{ ip: '198.51.100.7' }, { ip: address }]
    await cluster.admin.patch({ ...place('shared'), subresource: 'status' }, { status: { loadBalancer: { ingress } } })
    await cluster.admin.patch(place('shared'), { spec: { ingressClassName: 'other' } })
    await shows('shared', '198.51.100.7')
  })

  test('beside another controller at the same address: what it writes stays, also on what was ours before', async () => {
    await cluster.admin.create(routeTo('moved', 'web'))
    await shows('moved', address)
    await cluster.admin.create(ofClass('other', routeTo('theirs', 'web')))
    await cluster.admin.patch(place('moved'), { spec: { ingressClassName: 'other' } })
    await shows('moved')
    const written = [await writeAsIngressNginx(cluster, 'theirs'), await writeAsIngressNginx(cluster, 'moved')]
    // Rounds of writes follow one another: whatever the first one begins with has ended before the second.
    for (const name of ['first-round', 'second-round']) {
      await cluster.admin.create(routeTo(name, 'web'))
      await shows(name, address)
    }
    for (const { metadata } of written)
      assert.equal((await cluster.admin.get(place(metadata.name))).metadata.resourceVersion, metadata.resourceVersion)
  })

  test('the address is there only once every worker serves the Ingress', async (t) => {
    await claim(cluster, 'every-worker')
    const two = await startReplica(cluster, 'every-worker', [...flags, '--workers', '2'])
    t.after(() => two.stop('SIGINT'))
    const [held] = two.pids('lintel: worker 1')
    assert.ok(held !== undefined)
    process.kill(held, 'SIGSTOP')
    try {
      await cluster.admin.create(ofClass('every-worker', routeTo('held', 'web')))
      const ports = { http: two.httpPort, https: two.httpsPort }
      const url = 'http://held.test/'
      while ((await ask(ports, { method: 'GET', url })).status !== 200);
      await untilRenewed(cluster, 'lintel-every-worker')
      assert.equal(entriesOf(await cluster.admin.get(place('held'))), '')
    } finally {
      process.kill(held, 'SIGCONT')
    }
    await shows('held', address)
  })

  test('an Event is on the object, once, also after a restart', async () => {
    const { metadata } = await cluster.admin.create(routeTo('broken', 'none'))
    const about = (events: readonly Event[]): readonly Event[] =>
      events.filter((event) => (event['involvedObject'] as { uid?: string }).uid === metadata.uid)
    await cluster.admin.until<Event>({ kind: 'Event', namespace }, (found) => about(found).length === 1)
    await lintel.stop()
    const lease = await cluster.admin.get({ kind: 'Lease', namespace: 'default', name: `lintel-${namespace}` })
    assert.equal(Object(lease['spec'])['holderIdentity'] ?? '', '')
    lintel = await startReplica(cluster, namespace, flags)
    await cluster.admin.create(routeTo('after', 'web'))
    await shows('after', address)
    await cluster.admin.create(routeTo('broken-too', 'none'))
    const events = await cluster.admin.until<Event>({ kind: 'Event', namespace }, (found) =>
      found.some((event) => (event['involvedObject'] as { name?: string }).name === 'broken-too'),
    )
    assert.deepEqual(
      about(events).map(({ reason }) => reason),
      ['ServiceNotFound'],
    )
    assert.equal(about(events)[0]?.['series'], undefined)
  })
}

function place(name: string): Place {
  return { kind: 'Ingress', namespace, name }
}

function routeTo(name: string, service: string): KubeObject {
  return makeRoute(name, namespace, `${name}.test`, service)
}

function ofClass(ingressClassName: string, route: KubeObject): KubeObject {
  return { ...route, spec: { ...(route['spec'] as object), ingressClassName } }
}

/** The whole status anew, under a name of its own, as ingress-nginx does. */
async function writeAsIngressNginx({ admin }: Cluster, name: string): Promise<KubeObject> {
  const ingress = await admin.get(place(name))
  const path = `${pathOf({ ...place(name), subresource: 'status' })}?fieldManager=nginx-ingress-controller`
  const status = { loadBalancer: { ingress: [{ ip: address }] } }
  return (await admin.ask('PUT', path, { ...ingress, status })).body as KubeObject
}

/** Twice: what the leader had to write when it was asked has been written by then. */
async function untilRenewed({ admin }: Cluster, name: string): Promise<void> {
  const seen = new Set<unknown>()
  await admin.until({ kind: 'Lease', namespace: 'default', name }, ([lease]) => {
    seen.add(Object(lease?.['spec'])['renewTime'])
    return seen.size === 3
  })
}
