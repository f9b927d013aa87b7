import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import { ingress, startApi } from '../../test/support/api-client.ts'
import { fail } from '../../test/support/fake-api-server.ts'
import type { Script } from '../../test/support/fake-api-server.ts'
import { namesOf, Running } from '../../test/support/running-source.ts'

const refused: Script = ({ namespace }, response) => {
  if (namespace !== 'gone') return false
  fail(response, 403, 'Forbidden')
  return true
}
const two = { namespaces: ['shop', 'gone'] }

suite('a namespace that may not be read', { timeout: 60_000 }, () => {
  test('holds up the first snapshot for half a minute; it is told of, and read as soon as it can be', async (t) => {
    const { api, client } = await startApi(t)
    api.put(ingress('web'))
    api.put(ingress('other', { namespace: 'gone' }))
    api.script = refused
    const running = new Running(client, two, () => true)
    const { snapshot } = await running.change(() => true)
    const waited = client.clock.now()
    assert.ok(waited >= 30_000 && waited < 35_000, `${waited} ms`)
    assert.equal(namesOf(snapshot, 'Ingress'), 'shop/web')
    assert.deepEqual(
      snapshot.diagnostics.map(({ code, object, message }) => [code, object.name, message]),
      [
        [
          'NamespaceUnread',
          'gone',
          'ingresses, services, endpointslices of namespace gone may not be read, so they count as missing: Forbidden as scripted',
        ],
      ],
    )
    await api.stop()
    for (let second = 0; second < 5; second++) await client.pass(1_000)
    await api.start()
    api.put(ingress('new'))
    await running.change((each) => namesOf(each, 'Ingress') === 'shop/new shop/web')
    api.script = undefined
    const last = await running.change((each) => namesOf(each, 'Ingress') === 'gone/other shop/new shop/web')
    assert.ok(last.snapshot.diagnostics.length <= 1)
    await running.change((each) => each.list('Ingress').length === 3 && each.diagnostics.length === 0)
  })

  test('is waited for for two minutes where workers serve a table of before', async (t) => {
    const { api, client } = await startApi(t)
    api.put(ingress('web'))
    api.script = refused
    const running = new Running(
      client,
      two,
      () => true,
      () => true,
    )
    await running.change(() => true)
    const waited = client.clock.now()
    assert.ok(waited >= 120_000 && waited < 185_000, `${waited} ms`)
  })

  for (const namespaces of [['gone'], ['gone', 'gone'], ['gone', 'shop']])
    test(`is waited for for ever if it is the only one, or none can be read: ${namespaces.join()}`, async (t) => {
      const { api, client } = await startApi(t)
      api.script = (_, response) => {
        fail(response, 403, 'Forbidden')
        return true
      }
      const running = new Running(client, { namespaces }, () => true)
      await client.until(() => client.clock.now() > 200_000, 500)
      assert.equal(running.changes.length, 0)
    })

  test('that was read once stays as it was', async (t) => {
    const { api, client } = await startApi(t)
    api.put(ingress('web'))
    api.put(ingress('other', { namespace: 'gone' }))
    const running = new Running(client, two, () => true)
    await running.change((each) => each.list('Ingress').length === 2)
    api.script = refused
    api.endWatches('destroy')
    await client.until(() => client.clock.now() > 100_000)
    api.put(ingress('new'))
    await running.change((each) => namesOf(each, 'Ingress') === 'gone/other shop/new shop/web')
  })
})
