import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import { ingress, startApi } from '../../test/support/api-client.ts'
import { fail } from '../../test/support/fake-api-server.ts'
import type { FakeObject } from '../../test/support/fake-api-server.ts'
import { named, namesOf, Running, space, startSource } from '../../test/support/running-source.ts'
import type { WatchOptions } from './watched-collections.ts'

const deadline = { timeout: 60_000 }

function slice(service: string, namespace: string): FakeObject {
  const labels = { 'kubernetes.io/service-name': service }
  return { kind: 'EndpointSlice', metadata: { name: service, namespace, labels } }
}

suite('what flags name counts wherever it is', deadline, () => {
  const flags = { defaultCertificate: 'lintel/tls', defaultBackend: 'lintel/pages' }
  const given = [
    ingress('a'),
    ingress('b', { namespace: 'lintel' }),
    space('shop', { labels: { team: 'a' } }),
    ...['tls', 'other'].flatMap((name) => [named('Secret', name, 'lintel'), named('Secret', name, 'elsewhere')]),
    ...['pages', 'other'].flatMap((name) => [
      named('Service', name, 'lintel'),
      slice(name, 'lintel'),
      slice(name, 'elsewhere'),
    ]),
  ]
  const places: readonly Partial<WatchOptions>[] = [
    { namespaces: ['shop'], secrets: 'namespaces' },
    { namespaceSelector: 'team=a', secrets: 'cluster' },
  ]
  for (const place of places)
    test(JSON.stringify(place), async (t) => {
      const { api, running } = await startSource(t, { ...place, ...flags }, given)
      await running.change(() => true)
      const names = (): string[] => ['Ingress', 'Secret', 'Service', 'EndpointSlice'].map((kind) => running.names(kind))
      assert.deepEqual(names(), ['shop/a', 'lintel/tls', 'lintel/pages', 'lintel/pages'])
      api.put({ ...named('Secret', 'tls', 'lintel'), data: { changed: 'yes' } })
      await running.change((snapshot) => snapshot.list('Secret').some(({ value }) => value['data'] !== undefined))
      api.remove('EndpointSlice', 'lintel', 'pages')
      const { endpointsOnly } = await running.change((snapshot) => snapshot.list('EndpointSlice').length === 0)
      assert.equal(endpointsOnly, true)
    })

  test('in a watched namespace it is not asked for twice', async (t) => {
    const watched: Partial<WatchOptions> = { namespaces: ['lintel'], secrets: 'namespaces' }
    const { api, running } = await startSource(t, { ...watched, ...flags }, given)
    await running.change(() => true)
    assert.equal(running.names('Secret'), 'lintel/other lintel/tls')
    assert.equal(api.calls.filter(({ resource, watch }) => resource === 'secrets' && !watch).length, 1)
  })

  test('without a right to it nothing is known of it, it is said why, and all else is served', async (t) => {
    const { api, client } = await startApi(t)
    for (const object of given) api.put(object)
    api.script = ({ namespace }, response) => {
      if (namespace !== 'lintel') return false
      fail(response, 403, 'Forbidden')
      return true
    }
    const running = new Running(client, { namespaces: ['shop'], secrets: 'namespaces', ...flags }, () => true)
    const { snapshot } = await running.change(() => true)
    assert.equal(running.names('Ingress'), 'shop/a')
    assert.deepEqual(
      [Object.fromEntries(snapshot.unread ?? []), Object.fromEntries(snapshot.unreadServices ?? [])],
      [{ 'lintel/tls': 'Forbidden as scripted' }, { 'lintel/pages': 'Forbidden as scripted' }],
    )
    api.remove('Secret', 'lintel', 'tls')
    api.script = undefined
    const known = await running.change(({ unread, unreadServices }) => unread?.size === 0 && unreadServices?.size === 0)
    assert.equal(namesOf(known.snapshot, 'Secret'), '')
    assert.equal(namesOf(known.snapshot, 'Service'), 'lintel/pages')
  })
})
