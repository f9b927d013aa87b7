import assert from 'node:assert/strict'
import { test } from 'node:test'

import { apiServerPort } from '../support/cluster.ts'
import type { Cluster } from '../support/cluster.ts'
import { untilReady } from '../support/endpoints.ts'
import { FaultProxy } from '../support/fault-proxy.ts'
import { makeApplication, makeObject } from '../support/objects.ts'
import { record } from '../support/record.ts'
import { readRecording, writeRecording } from '../support/recordings.ts'
import { shapeOf } from '../support/shape.ts'
import { untilTrue } from '../support/until.ts'

/** What the API server answers, and the faults that are made on it. */
export function apiServer(cluster: Cluster): void {
  test('the recordings have the shapes in which it answers; started again, it knows what it knew, and old watches are gone', async () => {
    const { metadata } = await cluster.admin.create(makeObject('ConfigMap', 'kept', 'default', { data: { a: '1' } }))
    for (const [name, exchange] of await record(cluster)) {
      if (process.env['UPDATE'] !== undefined) writeRecording(name, exchange)
      assert.deepEqual(shapeOf(exchange), shapeOf(readRecording(name)), name)
    }
    const kept = await cluster.admin.get({ kind: 'ConfigMap', namespace: 'default', name: 'kept' })
    assert.equal(kept.metadata.resourceVersion, metadata.resourceVersion)
    assert.equal(await codeOfWatch('1'), 410)
  })

  test('a watch from a version that is still to come tells nothing of what happens meanwhile', async () => {
    const { metadata } = await cluster.admin.list({ kind: 'ConfigMap' })
    const ahead = { resourceVersion: Number(metadata.resourceVersion) + 1_000_000, timeoutSeconds: 2 }
    const events = cluster.admin.watch({ kind: 'ConfigMap', namespace: 'default' }, ahead, AbortSignal.timeout(60_000))
    const first = events.next()
    await cluster.admin.create(makeObject('ConfigMap', 'meanwhile', 'default', {}))
    assert.equal((await first).done, true)
  })

  test('held, the API server says nothing; let go, it answers', async () => {
    for (const object of makeApplication('beside', 'default')) await cluster.admin.create(object)
    const [address] = await untilReady(cluster.admin, 'default', 'beside', 1)
    cluster.apiServer.hold()
    let answered = false
    const answer = cluster.admin.ask('GET', '/readyz').finally(() => (answered = true))
    for (let asked = 0; asked < 50; asked++) assert.equal((await fetch(`http://${address}:3000/`)).status, 200)
    assert.equal(answered, false)
    cluster.apiServer.release()
    assert.equal((await answer).status, 200)
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
}
