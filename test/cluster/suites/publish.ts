import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { ask } from '../../support/http-client.ts'
import type { Lintel } from '../../support/lintel.ts'
import type { Cluster } from '../support/cluster.ts'
import { untilReady } from '../support/endpoints.ts'
import { makeApplication } from '../support/objects.ts'
import { claim, startReplica } from '../support/replica.ts'
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
