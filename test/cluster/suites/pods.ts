import assert from 'node:assert/strict'
import { before, test } from 'node:test'

import type { Cluster } from '../support/cluster.ts'
import { untilReady } from '../support/endpoints.ts'
import { makeApplication, makeObject } from '../support/objects.ts'
import type { Pod } from '../support/pod-process.ts'

const namespace = 'pods'

/** The test is scheduler and kubelet; deployments, slices and namespaces are the work of the real controllers. */
export function pods(cluster: Cluster): void {
  before(() => cluster.admin.create(makeObject('Namespace', namespace, undefined, {})))

  async function install(name: string, replicas: number): Promise<readonly string[]> {
    for (const object of makeApplication(name, namespace, replicas)) await cluster.admin.create(object)
    return untilReady(cluster.admin, namespace, name, replicas)
  }

  async function podsOf(name: string): Promise<readonly Pod[]> {
    const { items } = await cluster.admin.list<Pod>({ kind: 'Pod', namespace })
    return items.filter(({ metadata }) => metadata.labels?.['app'] === name)
  }

  test('three replicas become three ready endpoints, and each answers for itself', async (t) => {
    const begun = performance.now()
    const addresses = await install('three', 3)
    t.diagnostic(`three endpoints ready after ${Math.round(performance.now() - begun)} ms`)
    const answering = await Promise.all(
      addresses.map(
        async (address) => ((await (await fetch(`http://${address}:3000/`)).json()) as { pod: string }).pod,
      ),
    )
    assert.equal(new Set(answering).size, 3)
    assert.deepEqual(new Set(answering), new Set((await podsOf('three')).map(({ metadata }) => metadata.name)))
  })

  test('scaled down, a pod serves on for a moment, and then is gone', async () => {
    const [address] = await install('shrinking', 1)
    const place = { kind: 'Deployment', namespace, name: 'shrinking' }
    await cluster.admin.patch(place, { spec: { replicas: 0 } })
    await untilReady(cluster.admin, namespace, 'shrinking', 0)
    assert.equal((await fetch(`http://${address}:3000/`)).status, 200)
    await cluster.admin.until<Pod>({ kind: 'Pod', namespace }, (found) =>
      found.every(({ metadata }) => metadata.labels?.['app'] !== 'shrinking'),
    )
    await assert.rejects(fetch(`http://${address}:3000/`))
  })

  test('a pod that is no longer ready, and one that is killed', async () => {
    await install('failing', 2)
    const [one, other] = await podsOf('failing')
    assert.ok(one !== undefined && other !== undefined)
    await cluster.kubelet.tell(one, false)
    assert.deepEqual(await untilReady(cluster.admin, namespace, 'failing', 1), [
      cluster.kubelet.processOf(other).address,
    ])
    await cluster.kubelet.processOf(other).end('SIGKILL')
    await assert.rejects(fetch(`http://${cluster.kubelet.processOf(other).address}:3000/`))
    assert.equal((await untilReady(cluster.admin, namespace, 'failing', 1)).length, 1)
  })

  test('a new namespace goes, and what is in it', async () => {
    await cluster.admin.create(makeObject('Namespace', 'passing', undefined, {}))
    await cluster.admin.create(makeObject('ConfigMap', 'inside', 'passing', { data: {} }))
    await cluster.admin.remove({ kind: 'Namespace', name: 'passing' })
    await cluster.admin.until({ kind: 'Namespace', name: 'passing' }, (found) => found.length === 0)
  })

  test('a user may what its roles say', async () => {
    const powerless = cluster.clientOf('powerless-token')
    const path = '/apis/networking.k8s.io/v1/ingresses'
    assert.equal((await powerless.ask('GET', path)).status, 403)
    assert.equal((await cluster.clientOf('nobody').ask('GET', path)).status, 401)
  })
}
