import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import { ingress, startApi } from '../../test/support/api-client.ts'
import { fail } from '../../test/support/fake-api-server.ts'
import type { Script } from '../../test/support/fake-api-server.ts'
import { named, Running } from '../../test/support/running-source.ts'

const web = { ...ingress('web'), spec: { tls: [{ secretName: 'cert' }] } }

const always = (): boolean => true

/** Everything but the Secret is answered. */
function refusing(status: number): Script {
  return ({ resource }, response) => {
    if (resource === 'secrets/cert') fail(response, status, 'Scripted')
    return resource === 'secrets/cert'
  }
}

suite('workers serve a table of before, and Secrets are late', { timeout: 60_000 }, () => {
  for (const status of [500, 403])
    test(`answered with ${status}: the first snapshot waits until they are read`, async (t) => {
      const { api, client } = await startApi(t)
      for (const object of [web, named('Secret', 'cert')]) api.put(object)
      api.script = refusing(status)
      const running = new Running(client, {}, always, always)
      await client.until(() => client.clock.now() > 20_000)
      assert.equal(running.changes.length, 0)
      api.script = undefined
      const { snapshot } = await running.change(() => true)
      assert.equal(snapshot.list('Secret').length, 1)
    })

  test('a refusal that lasts counts after half a minute, silence after two', async (t) => {
    for (const [limit, status] of [
      [30_000, 403],
      [120_000, 500],
    ] as const) {
      const { api, client } = await startApi(t)
      api.put(web)
      api.script = refusing(status)
      const running = new Running(client, {}, always, always)
      const { snapshot } = await running.change(() => true)
      assert.equal(snapshot.unread?.size, 1)
      const waited = client.clock.now()
      assert.ok(waited >= limit && waited < limit + 31_000, `${waited} ms`)
    }
  })

  test('if no worker serves any more, ten seconds are enough', async (t) => {
    const { api, client } = await startApi(t)
    api.put(web)
    api.script = ({ resource }) => resource === 'secrets/cert'
    const running = new Running(
      client,
      {},
      () => true,
      () => client.clock.now() < 5_000,
    )
    await running.change(() => true)
    assert.ok(client.clock.now() < 11_000, `${client.clock.now()} ms`)
  })
})
