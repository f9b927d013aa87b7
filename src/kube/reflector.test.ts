import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import { fill, ingress, lists, startApi, synced, watches } from '../../test/support/api-client.ts'
import { eventOf } from '../../test/support/fake-api-server.ts'

const deadline = { timeout: 60_000 }

suite('a reflector follows its collection', deadline, () => {
  test('lists in pages of 500, then watches from the version of the list', async (t) => {
    const { api, client } = await startApi(t)
    fill(api, 1_201)
    const reflecting = client.reflect()
    await synced(api, reflecting)
    assert.deepEqual(
      lists(api).map(({ query }) => `${query.get('limit')} ${query.get('continue')}`),
      ['500 null', '500 500', '500 1000'],
    )
    const [{ query } = { query: new URLSearchParams() }] = watches(api)
    assert.equal(query.get('resourceVersion'), String(api.version))
    assert.equal(query.get('allowWatchBookmarks'), 'true')
    assert.equal(query.get('timeoutSeconds'), '450')
    assert.equal(reflecting.held.length, 1_201)
    assert.equal(reflecting.changes, 1)
  })

  test('additions, changes and deletions are taken; what did not change stays the same object', async (t) => {
    const { api, client } = await startApi(t)
    fill(api, 2)
    const reflecting = client.reflect()
    await synced(api, reflecting)
    const [, before] = reflecting.reflector.list()
    api.put(ingress('web-0'))
    api.put(ingress('new'))
    await reflecting.soon(() => reflecting.changes === 3)
    assert.deepEqual(reflecting.held, ['shop/new@104', 'shop/web-0@103', 'shop/web-1@102'])
    assert.equal(
      reflecting.reflector.list().find(({ ref }) => ref.name === 'web-1'),
      before,
    )
    api.remove('Ingress', 'shop', 'web-0')
    await reflecting.soon(() => reflecting.changes === 4)
    assert.equal(reflecting.names, 'new web-1')
  })

  test('one namespace, and labels, are asked for alone', async (t) => {
    const { api, client } = await startApi(t)
    api.put(ingress('mine', { labels: { team: 'a' } }))
    api.put(ingress('other'))
    api.put(ingress('elsewhere', { namespace: 'other', labels: { team: 'a' } }))
    const reflecting = client.reflect({ scope: { namespace: 'shop', labelSelector: 'team=a' } })
    await synced(api, reflecting)
    assert.equal(reflecting.names, 'mine')
  })

  test('a watch that the server ends is opened again from the last bookmark, without a list', async (t) => {
    const { api, client } = await startApi(t)
    fill(api, 1)
    const reflecting = client.reflect()
    await synced(api, reflecting)
    api.version = 500
    api.bookmark()
    await reflecting.soon(() => reflecting.reflector.counts.events === 1)
    client.clock.advance(300_000)
    const count = reflecting.reflector.counts.watches
    api.endWatches()
    await reflecting.until(() => reflecting.reflector.counts.watches > count)
    assert.equal(watches(api).at(-1)?.query.get('resourceVersion'), '500')
    assert.ok(lists(api).length <= 2)
  })

  test('objects are kept as they are, but for who manages them: of that, who wrote the status', async (t) => {
    const { api, client } = await startApi(t)
    const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': '{}', own: 'x' }
    const managedFields = [
      {},
      { manager: 'kubectl', operation: 'Update', fieldsV1: { 'f:spec': {} } },
      { manager: 'nginx', operation: 'Update', fieldsV1: { 'f:status': {} }, subresource: 'status' },
    ]
    api.put(ingress('web', { annotations, managedFields }))
    const reflecting = client.reflect()
    await synced(api, reflecting)
    const [{ value, uid, created } = { value: {}, uid: '', created: 0 }] = reflecting.reflector.list()
    assert.deepEqual(JSON.parse(JSON.stringify(value)), {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: {
        name: 'web',
        namespace: 'shop',
        uid,
        resourceVersion: '101',
        creationTimestamp: '2026-01-01T00:00:00Z',
        annotations: { own: 'x' },
        managedFields: [{ manager: 'nginx', subresource: 'status' }],
      },
      spec: {},
    })
    assert.equal(created, Date.UTC(2026, 0, 1))
  })
})

suite('a stream that breaks off', deadline, () => {
  test('at any octet of an event: what came whole counts, the rest comes again', async (t) => {
    const { api, client } = await startApi(t)
    api.put(ingress('first'))
    const reflecting = client.reflect()
    await synced(api, reflecting)
    const octets = Buffer.from(eventOf('ADDED', { ...api.put(ingress('ü€😀')) }))
    api.remove('Ingress', 'shop', 'ü€😀')
    await reflecting.soon(() => reflecting.reflector.counts.events === 2)
    for (let cut = 1; cut < octets.length; cut++) {
      api.write('ingresses', octets.subarray(0, cut))
      api.endWatches('destroy')
      const { watches: count } = reflecting.reflector.counts
      await reflecting.until(() => reflecting.reflector.counts.watches > count)
      assert.equal(reflecting.names, 'first')
    }
    api.put(ingress('last'))
    await reflecting.until(() => reflecting.names === 'first last')
    assert.ok(reflecting.errors.every(({ reason }) => reason === 'Unreachable'))
  })

  test('in silence: it is given up after 90 s, and not before', async (t) => {
    const { api, client } = await startApi(t)
    const reflecting = client.reflect()
    await synced(api, reflecting)
    await reflecting.soon(() => reflecting.reflector.counts.watches === 1)
    client.clock.advance(89_000)
    assert.deepEqual(reflecting.errors, [])
    client.clock.advance(2_000)
    await reflecting.until(() => reflecting.reflector.counts.watches === 2)
    assert.deepEqual(
      reflecting.errors.map(({ reason }) => reason),
      ['Silent'],
    )
  })

  test('a bookmark is a sign of life', async (t) => {
    const { api, client } = await startApi(t)
    const reflecting = client.reflect()
    await synced(api, reflecting)
    for (let minute = 1; minute <= 5; minute++) {
      client.clock.advance(60_000)
      api.bookmark()
      await reflecting.soon(() => reflecting.reflector.counts.events === minute)
    }
    assert.deepEqual(reflecting.errors, [])
  })

  test('a line without end is cut', async (t) => {
    const { api, client } = await startApi(t)
    const reflecting = client.reflect()
    await synced(api, reflecting)
    const part = Buffer.alloc(1024 * 1024, 'x')
    for (let written = 0; written < 17; written++) api.write('ingresses', part)
    await reflecting.soon(() => reflecting.errors.length === 1)
    assert.equal(reflecting.errors[0]?.reason, 'TooLarge')
    await reflecting.until(() => reflecting.reflector.counts.watches === 2)
  })
})
