import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'

import { apiServerPort, startCluster } from './support/cluster.ts'
import type { Cluster } from './support/cluster.ts'
import { untilReady } from './support/endpoints.ts'
import { FaultProxy } from './support/fault-proxy.ts'
import { makeApplication, makeObject } from './support/objects.ts'
import { enterOwnNamespace } from './support/own-namespace.ts'
import type { Pod } from './support/pod-process.ts'
import { record } from './support/record.ts'
import { readRecording, writeRecording } from './support/recordings.ts'
import type { KubeObject } from './support/resources.ts'
import { shapeOf } from './support/shape.ts'
import { untilTrue } from './support/until.ts'

const skip = enterOwnNamespace()

describe('the cluster of the tests', { skip, timeout: 300_000 }, () => {
  let cluster: Cluster
  let started: number
  before(async () => {
    const begun = performance.now()
    cluster = await startCluster()
    started = performance.now() - begun
  })
  after(() => cluster.stop())

  test('it starts', (t) => {
    t.diagnostic(`the cluster was there after ${Math.round(started)} ms`)
  })

  test('the recordings have the shapes in which the API server answers', async () => {
    for (const [name, exchange] of await record(cluster)) {
      if (process.env['UPDATE'] !== undefined) writeRecording(name, exchange)
      assert.deepEqual(shapeOf(exchange), shapeOf(readRecording(name)), name)
    }
  })

  async function install(name: string, replicas: number): Promise<readonly string[]> {
    for (const object of makeApplication(name, 'default', replicas)) await cluster.admin.create(object)
    return untilReady(cluster.admin, 'default', name, replicas)
  }

  async function podsOf(name: string): Promise<readonly Pod[]> {
    const { items } = await cluster.admin.list<Pod>({ kind: 'Pod', namespace: 'default' })
    return items.filter(({ metadata }) => metadata.labels?.['app'] === name)
  }

  test('three replicas become three ready endpoints, and each answers for itself', async (t) => {
    const begun = performance.now()
    const addresses = await install('three', 3)
    t.diagnostic(`three endpoints ready after ${Math.round(performance.now() - begun)} ms`)
    const pods = await Promise.all(
      addresses.map(
        async (address) => ((await (await fetch(`http://${address}:3000/`)).json()) as { pod: string }).pod,
      ),
    )
    assert.equal(new Set(pods).size, 3)
    assert.deepEqual(new Set(pods), new Set((await podsOf('three')).map(({ metadata }) => metadata.name)))
  })

  test('scaled down, a pod serves on for a moment, and then is gone', async () => {
    const [address] = await install('shrinking', 1)
    const place = { kind: 'Deployment', namespace: 'default', name: 'shrinking' }
    await cluster.admin.patch(place, { spec: { replicas: 0 } })
    await untilReady(cluster.admin, 'default', 'shrinking', 0)
    assert.equal((await fetch(`http://${address}:3000/`)).status, 200)
    await cluster.admin.until<Pod>({ kind: 'Pod' }, (pods) =>
      pods.every(({ metadata }) => metadata.labels?.['app'] !== 'shrinking'),
    )
    await assert.rejects(fetch(`http://${address}:3000/`))
  })

  test('a pod that is no longer ready, and one that is killed', async () => {
    await install('failing', 2)
    const [one, other] = await podsOf('failing')
    assert.ok(one !== undefined && other !== undefined)
    await cluster.kubelet.tell(one, false)
    assert.deepEqual(await untilReady(cluster.admin, 'default', 'failing', 1), [
      cluster.kubelet.processOf(other).address,
    ])
    await cluster.kubelet.processOf(other).end('SIGKILL')
    await assert.rejects(fetch(`http://${cluster.kubelet.processOf(other).address}:3000/`))
    assert.equal((await untilReady(cluster.admin, 'default', 'failing', 1)).length, 1)
  })

  test('a new namespace goes, and what is in it', async () => {
    await cluster.admin.create(makeObject('Namespace', 'passing', undefined, {}))
    await cluster.admin.create(makeObject('ConfigMap', 'inside', 'passing', { data: {} }))
    await cluster.admin.remove({ kind: 'Namespace', name: 'passing' })
    await cluster.admin.until({ kind: 'Namespace', name: 'passing' }, (found) => found.length === 0)
  })

  test('a user may what its roles say', async () => {
    const lintel = cluster.clientOf('lintel-token')
    const path = '/apis/networking.k8s.io/v1/ingresses'
    assert.equal((await lintel.ask('GET', path)).status, 403)
    assert.equal((await cluster.clientOf('nobody').ask('GET', path)).status, 401)
  })

  test('held, the API server says nothing; let go, it answers', async () => {
    const [address] = await install('beside', 1)
    cluster.apiServer.hold()
    let answered = false
    const answer = cluster.admin.ask('GET', '/readyz').finally(() => (answered = true))
    for (let asked = 0; asked < 50; asked++) assert.equal((await fetch(`http://${address}:3000/`)).status, 200)
    assert.equal(answered, false)
    cluster.apiServer.release()
    assert.equal((await answer).status, 200)
  })

  test('killed, the API server refuses; started again, it knows what it knew, and old watches are gone', async (t) => {
    const { metadata } = await cluster.admin.create(makeObject('ConfigMap', 'kept', 'default', { data: { a: '1' } }))
    await cluster.etcd.compact()
    await cluster.apiServer.kill()
    await assert.rejects(cluster.admin.ask('GET', '/readyz'))
    const begun = performance.now()
    await cluster.apiServer.start()
    t.diagnostic(`ready ${Math.round(performance.now() - begun)} ms after its start`)
    const kept = await cluster.admin.get<KubeObject>({ kind: 'ConfigMap', namespace: 'default', name: 'kept' })
    assert.equal(kept.metadata.resourceVersion, metadata.resourceVersion)
    assert.equal(await codeOfWatch('1'), 410)
  })

  test('older data are older', async () => {
    const saved = cluster.etcd.save()
    await cluster.admin.create(makeObject('ConfigMap', 'later', 'default', { data: {} }))
    await cluster.etcd.advance(1_000)
    const place = { kind: 'ConfigMap', namespace: 'default' }
    const earlier = await cluster.admin.list(place)
    await cluster.restore(saved)
    const restored = await cluster.admin.list(place)
    assert.ok(earlier.items.some(({ metadata }) => metadata.name === 'later'))
    assert.ok(!restored.items.some(({ metadata }) => metadata.name === 'later'))
    assert.ok(BigInt(restored.metadata.resourceVersion) < BigInt(earlier.metadata.resourceVersion))
  })

  test('the cluster goes on after all that', async () => {
    assert.equal((await install('afterwards', 1)).length, 1)
  })

  test('the proxy before it passes everything, cuts at an octet, and stalls', async (t) => {
    const proxy = new FaultProxy(apiServerPort)
    await proxy.open()
    t.after(() => proxy.close())
    const ask = (): Promise<unknown> => cluster.clientOf('admin-token', proxy.port).ask('GET', '/version')
    assert.equal(((await ask()) as { status: number }).status, 200)
    proxy.fault = () => ({ after: 1_000, action: 'cut' })
    await assert.rejects(ask())
    proxy.fault = () => ({ after: 0, action: 'stall' })
    const stalled = ask()
    stalled.catch(() => undefined)
    await untilTrue('a third connection', () => Promise.resolve(proxy.connections === 3))
    proxy.cut()
    await assert.rejects(stalled)
  })

  /** The code of the first event of a watch, which has to be an error. */
  async function codeOfWatch(resourceVersion: string): Promise<unknown> {
    const events = cluster.admin.watch({ kind: 'Ingress' }, { resourceVersion }, AbortSignal.timeout(10_000))
    for await (const { type, object } of events) return type === 'ERROR' ? object['code'] : type
    return undefined
  }
})
