import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import { ingress, startApi } from '../../test/support/api-client.ts'
import { fail, send } from '../../test/support/fake-api-server.ts'
import type { FakeApiServer, FakeObject } from '../../test/support/fake-api-server.ts'
import { named, namesOf, Running, space, startSource } from '../../test/support/running-source.ts'
import type { SourceObject } from '../model/index.ts'
import type { WatchOptions } from './watched-collections.ts'

const deadline = { timeout: 60_000 }

function withTls(name: string, secretName: string, more: Readonly<Record<string, unknown>> = {}): FakeObject {
  return { ...ingress(name, more), spec: { tls: [{ secretName }] } }
}

function isGood(secret: SourceObject): boolean {
  return secret.value['broken'] === undefined
}

function asked(api: FakeApiServer, resource: string): number {
  return api.calls.filter((call) => call.resource === resource).length
}

suite('a cluster becomes snapshots', deadline, () => {
  test('the first one comes when every kind has been read', async (t) => {
    const { api, client } = await startApi(t)
    api.put(ingress('web'))
    const { promise: held, resolve: answer } = Promise.withResolvers<void>()
    api.script = async ({ resource, watch }) => {
      if (resource === 'services' && !watch) await held
      return false
    }
    const running = new Running(client, {}, () => true)
    await client.until(() => api.watching === 3, 0)
    client.clock.advance(5_000)
    assert.equal(running.changes.length, 0)
    answer()
    await running.change(() => true)
    assert.equal(running.names('Ingress'), 'shop/web')
  })

  test('only endpoints: said so, and every other list is the same', async (t) => {
    const { api, running } = await startSource(t, {}, [ingress('web'), named('EndpointSlice', 'one')])
    const { snapshot: before } = await running.change(() => true)
    api.put(named('EndpointSlice', 'two'))
    const after = await running.change((snapshot) => namesOf(snapshot, 'EndpointSlice') === 'shop/one shop/two')
    assert.equal(after.endpointsOnly, true)
    assert.equal(after.snapshot.list('Ingress'), before.list('Ingress'))
    assert.ok(after.snapshot.list('EndpointSlice').includes(before.list('EndpointSlice')[0] as SourceObject))
    api.put(ingress('other'))
    const last = await running.change((snapshot) => namesOf(snapshot, 'Ingress') === 'shop/other shop/web')
    assert.equal(last.endpointsOnly, false)
  })

  test('a storm of changes is one change', async (t) => {
    const { api, running } = await startSource(t)
    await running.change(() => true)
    for (let at = 0; at < 500; at++) api.put(named('EndpointSlice', `slice-${at}`))
    await running.change((snapshot) => snapshot.list('EndpointSlice').length === 500)
    assert.ok(running.changes.length < 10, `${running.changes.length} changes`)
  })

  test('while the server is away everything stays', async (t) => {
    const { api, client, running } = await startSource(t, {}, [withTls('web', 'cert'), named('Secret', 'cert')])
    await running.change((snapshot) => snapshot.list('Secret').length === 1)
    const given = running.changes.length
    await api.stop()
    client.clock.advance(1)
    for (let second = 0; second < 120; second++) await client.pass(1_000)
    assert.equal(running.changes.length, given)
    await api.start()
    api.remove('Ingress', 'shop', 'web')
    await running.change((snapshot) => snapshot.list('Ingress').length === 0)
  })
})

suite('namespaces', deadline, () => {
  const given = [ingress('a'), ingress('b', { namespace: 'two' }), ingress('c', { namespace: 'three' })]

  test('those that are named, each with rights of its own; kinds without a namespace may be out of reach', async (t) => {
    const { api, client } = await startApi(t)
    for (const object of given) api.put(object)
    api.script = ({ namespace }, response) => {
      if (namespace !== undefined) return false
      fail(response, 403, 'Forbidden')
      return true
    }
    const running = new Running(client, { namespaces: ['shop', 'two'] }, () => true)
    await running.change(() => true)
    assert.equal(running.names('Ingress'), 'shop/a two/b')
  })

  test('those with labels, as labels come and go', async (t) => {
    const label = { labels: { team: 'a' } }
    const { api, running } = await startSource(t, { namespaceSelector: 'team=a' }, [
      ...given,
      space('shop', label),
      space('two', {}),
    ])
    await running.change(() => true)
    assert.equal(running.names('Ingress'), 'shop/a')
    api.put(space('three', label))
    await running.change((snapshot) => namesOf(snapshot, 'Ingress') === 'shop/a three/c')
    api.remove('Namespace', undefined, 'shop')
    const { snapshot } = await running.change((each) => namesOf(each, 'Ingress') === 'three/c')
    const seen = snapshot.seenIngresses?.map(({ ref }) => ref.name)
    assert.deepEqual(seen, ['a', 'b', 'c'])
  })
})

suite('Secrets one by one', deadline, () => {
  test('none is listed, and none is read that nobody names', async (t) => {
    const { api, running } = await startSource(t, {}, [
      withTls('web', 'cert'),
      named('Secret', 'cert'),
      named('Secret', 'other'),
    ])
    await running.change((snapshot) => snapshot.list('Secret').length === 1)
    assert.equal(running.changes.length, 1)
    assert.deepEqual(
      [...new Set(api.calls.filter(({ resource }) => resource.startsWith('secrets')).map(({ resource }) => resource))],
      ['secrets/cert'],
    )
  })

  test('what is known of them is told: how many are there, how many are missing, when the server last answered', async (t) => {
    const { api, client, running } = await startSource(t, {}, [
      withTls('web', 'cert'),
      withTls('late', 'late'),
      named('Secret', 'cert'),
    ])
    await running.change((snapshot) => snapshot.list('Secret').length === 1)
    const { heard, ...counts } = running.source.namedSecrets ?? {}
    assert.deepEqual(counts, { known: 1, missing: 1, waiting: 0 })
    assert.ok(heard !== undefined && client.clock.now() - heard < 1_000)
    api.put(named('Secret', 'late'))
    await running.change((snapshot) => snapshot.list('Secret').length === 2)
    assert.deepEqual([running.source.namedSecrets?.known, running.source.namedSecrets?.missing], [2, 0])
    assert.equal((await startSource(t, { secrets: 'cluster' })).running.source.namedSecrets, undefined)
  })

  test('a change that names a Secret waits for it; endpoints do not', async (t) => {
    const { api, client, running } = await startSource(t, {}, [named('Secret', 'cert')])
    await running.change(() => true)
    const { promise: held, resolve: answer } = Promise.withResolvers<void>()
    api.script = async ({ resource }) => {
      if (resource === 'secrets/cert') await held
      return false
    }
    api.put(withTls('web', 'cert'))
    await client.until(() => asked(api, 'secrets/cert') === 1)
    api.put(named('EndpointSlice', 'one'))
    const early = await running.change((snapshot) => snapshot.list('EndpointSlice').length === 1)
    assert.equal(early.endpointsOnly, true)
    assert.equal(namesOf(early.snapshot, 'Ingress'), '')
    answer()
    const late = await running.change((snapshot) => snapshot.list('Ingress').length === 1)
    assert.equal(namesOf(late.snapshot, 'Secret'), 'shop/cert')
  })

  test('but no longer than a second', async (t) => {
    const { api, client, running } = await startSource(t)
    await running.change(() => true)
    api.script = ({ resource }) => resource.startsWith('secrets')
    api.put(withTls('web', 'cert'))
    const begun = client.clock.now()
    await running.change((snapshot) => snapshot.list('Ingress').length === 1)
    const waited = client.clock.now() - begun
    assert.ok(waited >= 1_000 && waited < 1_500, `${waited} ms`)
  })

  test('of one that does not answer, or may not be read, nothing is known, and it is said why', async (t) => {
    const { api, client } = await startApi(t)
    for (const name of ['slow', 'forbidden', 'none']) api.put(withTls(name, name))
    api.script = ({ resource }, response) => {
      if (resource === 'secrets/forbidden') fail(response, 403, 'Forbidden')
      return resource === 'secrets/slow' || resource === 'secrets/forbidden'
    }
    const running = new Running(client, {}, () => true)
    const { snapshot } = await running.change(() => true)
    assert.deepEqual(Object.fromEntries(snapshot.unread ?? []), {
      'shop/slow': 'the API server has not answered in time',
      'shop/forbidden': 'Forbidden as scripted',
    })
    api.script = undefined
    await running.change(({ unread }) => unread?.size === 0)
  })

  test('one that is missing is asked for after 1, 2, 4 … 30 s, and at once when its Ingress changes', async (t) => {
    const { api, client, running } = await startSource(t, {}, [withTls('web', 'late')])
    await running.change((snapshot) => snapshot.list('Ingress').length === 1)
    await client.until(() => asked(api, 'secrets/late') === 8)
    const times = api.calls.filter(({ resource }) => resource === 'secrets/late').map(({ time }) => time)
    const gaps = times.slice(1).map((time, at) => Math.round((time - (times[at] ?? 0)) / 1_000))
    assert.deepEqual(gaps, [1, 2, 4, 8, 16, 30, 30])
    const before = client.clock.now()
    api.put(withTls('web', 'late', { annotations: { a: 'b' } }))
    await client.until(() => asked(api, 'secrets/late') === 9)
    assert.ok(client.clock.now() - before < 1_000)
    api.put(named('Secret', 'late'))
    await running.change((snapshot) => snapshot.list('Secret').length === 1)
  })

  test('those that are known are asked for again, five a second together', async (t) => {
    const names = Array.from({ length: 20 }, (_, at) => `cert-${at}`)
    const { api, client, running } = await startSource(t, {}, [
      ...names.map((name) => withTls(`web-${name}`, name)),
      ...names.map((name) => named('Secret', name)),
    ])
    await running.change((snapshot) => snapshot.list('Secret').length === 20)
    const before = api.calls.length
    for (let passed = 0; passed < 4_000; passed += 100) await client.pass(100)
    const again = api.calls.slice(before).map(({ resource }) => resource)
    assert.ok(again.length >= 18 && again.length <= 21, `${again.length} in 4 s`)
    assert.equal(new Set(again).size, again.length)
    api.put({ ...named('Secret', 'cert-7'), data: { changed: 'yes' } })
    const rotated = client.clock.now()
    await running.change((snapshot) => snapshot.list('Secret').some(({ value }) => value['data'] !== undefined))
    assert.ok(client.clock.now() - rotated <= 4_500)
  })

  test('those that are missing take nothing of the time of those that are known', async (t) => {
    const names = Array.from({ length: 65 }, (_, at) => `cert-${at}`)
    const { api, client, running } = await startSource(t, {}, [
      ...names.map((name) => withTls(`web-${name}`, name)),
      ...names.slice(0, 5).map((name) => named('Secret', name)),
    ])
    await running.change((snapshot) => snapshot.list('Secret').length === 5)
    for (let second = 0; second < 5; second++) await client.pass(1_000)
    api.put({ ...named('Secret', 'cert-0'), data: { changed: 'yes' } })
    const rotated = client.clock.now()
    await running.change((snapshot) => snapshot.list('Secret').some(({ value }) => value['data'] !== undefined))
    assert.ok(client.clock.now() - rotated <= 1_500)
  })

  test('an answer that is no Secret is asked for again, and takes nothing away', async (t) => {
    const { api, client, running } = await startSource(t, {}, [named('Secret', 'cert')])
    let isOdd = true
    api.script = ({ resource }, response) => {
      const isAsked = isOdd && resource === 'secrets/cert'
      if (isAsked) send(response, 200, { kind: 'Secret', metadata: {} })
      return isAsked
    }
    api.put(withTls('web', 'cert'))
    await running.change(({ unread }) => unread?.get('shop/cert') === 'the API server answered with no Secret')
    isOdd = false
    await running.change((snapshot) => snapshot.list('Secret').length === 1 && snapshot.unread?.size === 0)
    isOdd = true
    for (let second = 0; second < 5; second++) await client.pass(1_000)
    assert.equal(running.names('Secret'), 'shop/cert')
  })

  test('one that is deleted goes, one that nobody names any more is forgotten', async (t) => {
    const { api, client, running } = await startSource(t, {}, [
      withTls('a', 'a'),
      withTls('b', 'b'),
      named('Secret', 'a'),
      named('Secret', 'b'),
    ])
    await running.change((snapshot) => namesOf(snapshot, 'Secret') === 'shop/a shop/b')
    api.remove('Secret', 'shop', 'a')
    await running.change((snapshot) => namesOf(snapshot, 'Secret') === 'shop/b')
    api.remove('Ingress', 'shop', 'b')
    await running.change((snapshot) => namesOf(snapshot, 'Secret') === '')
    const before = asked(api, 'secrets/b')
    for (let second = 0; second < 10; second++) await client.pass(1_000)
    assert.equal(asked(api, 'secrets/b'), before)
  })

  test('a refusal takes nothing away that was read before', async (t) => {
    const { api, client, running } = await startSource(t, {}, [withTls('web', 'cert'), named('Secret', 'cert')])
    await running.change((snapshot) => snapshot.list('Secret').length === 1)
    for (const status of [403, 500]) {
      api.script = ({ resource }, response) => {
        if (!resource.startsWith('secrets/')) return false
        fail(response, status, 'Refused')
        return true
      }
      for (let second = 0; second < 5; second++) await client.pass(1_000)
    }
    assert.equal(running.names('Secret'), 'shop/cert')
  })
})

suite('Secrets in bulk', deadline, () => {
  const given = [named('Secret', 'a'), named('Secret', 'b', 'two')]
  const rows: readonly (readonly [options: Partial<WatchOptions>, names: string])[] = [
    [{ secrets: 'namespaces', namespaces: ['shop'] }, 'shop/a'],
    [{ secrets: 'cluster', namespaces: ['shop'] }, 'shop/a two/b'],
    [{ secrets: 'cluster' }, 'shop/a two/b'],
  ]
  for (const [options, names] of rows)
    test(JSON.stringify(options), async (t) => {
      const { api, running } = await startSource(t, options, given)
      await running.change(() => true)
      assert.equal(running.names('Secret'), names)
      const { query } = api.calls.find(({ resource }) => resource === 'secrets') ?? {}
      assert.match(query?.get('fieldSelector') ?? '', /type!=helm\.sh/)
    })

  test('a broken one does not take the place of a good one', async (t) => {
    const { api, running } = await startSource(t, { secrets: 'cluster' }, [named('Secret', 'a')], isGood)
    const { snapshot: before } = await running.change(() => true)
    api.put({ ...named('Secret', 'a'), broken: true })
    const { snapshot } = await running.change(({ diagnostics }) => diagnostics.length > 0)
    assert.equal(snapshot.list('Secret')[0], before.list('Secret')[0])
    assert.equal(snapshot.diagnostics[0]?.code, 'SecretInvalid')
  })
})
