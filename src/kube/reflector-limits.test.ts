import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { suite, test } from 'node:test'

import { fill, ingress, lists, startApi, synced, watches } from '../../test/support/api-client.ts'
import { KubeError } from './kube-error.ts'

const deadline = { timeout: 60_000 }
const part = Buffer.alloc(1024 * 1024, ' ')

suite('answers without measure', deadline, () => {
  test('a page that is too large is asked for in halves, and no outage; later lists go back to large pages', async (t) => {
    const { api, client } = await startApi(t)
    fill(api, 40)
    const parts = Array.from({ length: 129 }, () => part)
    api.script = ({ query, watch }, response) => {
      if (watch || Number(query.get('limit')) <= 13) return false
      response.writeHead(200)
      for (const each of parts) response.write(each)
      response.end()
      return true
    }
    const reflecting = client.reflect()
    await synced(api, reflecting)
    assert.equal(reflecting.held.length, 40)
    assert.deepEqual(reflecting.errors, [])
    assert.deepEqual(limitsOf(0), ['500', '250', '125', '62', '31', '15', '7', '7', '7', '7', '7', '7'])
    assert.equal(client.client.pace.absences, 0)
    api.script = undefined
    for (const limit of ['14', '28']) {
      const before = lists(api).length
      const { watches: count } = reflecting.reflector.counts
      api.version++
      api.compact()
      client.clock.advance(10_000)
      api.endWatches()
      await reflecting.until(() => reflecting.reflector.counts.watches > count && api.watching === 1)
      assert.ok(limitsOf(before).length > 0)
      assert.ok(
        limitsOf(before).every((each) => each === limit),
        limitsOf(before).join(' '),
      )
    }

    function limitsOf(from: number): (string | null)[] {
      return lists(api)
        .slice(from)
        .map(({ query }) => query.get('limit'))
    }
  })

  test('an answer that comes an octet at a time is given up: after a minute, a page after three', async (t) => {
    const { api, client } = await startApi(t)
    const begun: ServerResponse[] = []
    api.script = ({ watch }, response) => {
      if (watch) return false
      response.writeHead(200)
      response.flushHeaders()
      begun.push(response)
      return true
    }
    const kind = { group: '', version: 'v1', kind: 'Secret', plural: 'secrets', namespaced: true }
    const turn = await client.client.pace.turn(client.signal)
    const ways: readonly (readonly [number, () => Promise<unknown>])[] = [
      [60_000, () => client.client.get(kind, { namespace: 'shop', name: 'cert' }, client.signal)],
      [
        180_000,
        () => client.client.page({ kind, scope: {} }, { limit: 5, after: '' }, { turn, signal: client.signal }),
      ],
    ]
    for (const [limit, ask] of ways) {
      const heard = api.calls.length
      const asked = client.clock.now()
      const ended: unknown[] = []
      ask().catch((error: unknown) => ended.push(error))
      await client.until(() => api.calls.length > heard, 0)
      while (ended.length === 0 && client.clock.now() - asked < 1_000_000) {
        begun.at(-1)?.write(' ')
        await client.pass(5_000)
      }
      const waited = client.clock.now() - asked
      assert.ok(waited >= limit && waited <= limit + 20_000, `${waited} ms`)
      const [error] = ended
      assert.ok(error instanceof KubeError)
      assert.equal(error.reason, 'Slow')
    }
  })

  test('watches that end after an event each are opened again with the back-off of an outage', async (t) => {
    const { api, client } = await startApi(t)
    const reflecting = client.reflect()
    await synced(api, reflecting)
    const tellAndEnd = (): void => {
      api.put(ingress('web'))
      api.endWatches()
    }
    api.script = ({ watch }) => {
      if (watch) setImmediate(tellAndEnd)
      return false
    }
    client.clock.advance(10_000)
    api.endWatches()
    const begun = client.clock.now()
    await client.until(() => client.clock.now() - begun > 30_000)
    const count = watches(api).filter(({ time }) => time >= begun).length
    assert.ok(count > 5 && count <= 31, `${count} watches in 30 s`)
    assert.equal(reflecting.names, 'web')
  })
})
