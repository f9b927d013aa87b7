import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import { fill, ingress, lists, startApi, synced } from '../../test/support/api-client.ts'
import { eventOf, fail, statusOf } from '../../test/support/fake-api-server.ts'

const deadline = { timeout: 60_000 }

suite('what the server refuses', deadline, () => {
  test('410 as a status and as an event: the list comes again, and what is held stays meanwhile', async (t) => {
    const { api, client } = await startApi(t)
    fill(api, 3)
    const reflecting = client.reflect()
    await synced(api, reflecting)
    for (const form of ['status', 'event']) {
      api.script = (call, response) => {
        if (!call.watch) return false
        if (form === 'status') fail(response, 410, 'Expired')
        else response.end(eventOf('ERROR', statusOf(410, 'Expired')))
        api.script = undefined
        return true
      }
      const { lists: count } = reflecting.reflector.counts
      api.endWatches('destroy')
      await reflecting.until(() => reflecting.reflector.counts.lists > count && api.watching === 1)
      assert.equal(reflecting.held.length, 3)
    }
    assert.equal(reflecting.changes, 1)
  })

  test('deletions that a 410 has swallowed are found by the list', async (t) => {
    const { api, client } = await startApi(t)
    fill(api, 3)
    const reflecting = client.reflect()
    await synced(api, reflecting)
    api.endWatches('destroy')
    api.remove('Ingress', 'shop', 'web-1')
    api.compact()
    api.put(ingress('new'))
    await reflecting.until(() => reflecting.names === 'new web-0 web-2')
  })

  test('pages that expire while they are read are read as a whole', async (t) => {
    const { api, client } = await startApi(t)
    fill(api, 700)
    api.script = ({ query }, response) => {
      if (!query.has('continue')) return false
      fail(response, 410, 'Expired')
      return true
    }
    const reflecting = client.reflect()
    await synced(api, reflecting)
    assert.equal(reflecting.held.length, 700)
    assert.equal(lists(api).at(-1)?.query.get('limit'), null)
  })

  for (const [status, reason] of [
    [401, 'Unauthorized'],
    [429, 'TooManyRequests'],
    [500, 'InternalError'],
    [503, 'ServiceUnavailable'],
  ] as const)
    test(`${status}: it goes on as soon as it may, and what is held stays`, async (t) => {
      const { api, client } = await startApi(t)
      fill(api, 2)
      const reflecting = client.reflect()
      await synced(api, reflecting)
      api.script = (_, response) => {
        fail(response, status, reason, { 'Retry-After': '7' })
        return true
      }
      api.endWatches('destroy')
      await reflecting.until(() => reflecting.errors.filter((error) => error.status === status).length === 3)
      const times = api.calls.slice(-3).map(({ time }) => time)
      assert.ok((times[1] ?? 0) - (times[0] ?? 0) >= 7_000, times.join(' '))
      assert.equal(reflecting.held.length, 2)
      assert.equal(client.forgotten > 0, status === 401)
      api.script = undefined
      api.put(ingress('new'))
      await reflecting.until(() => reflecting.held.length === 3)
    })

  for (const status of [403, 404])
    test(`${status}: this collection alone is asked for ever more seldom`, async (t) => {
      const { api, client } = await startApi(t)
      api.script = ({ resource }, response) => {
        if (resource !== 'ingresses') return false
        fail(response, status, 'Refused')
        return true
      }
      const reflecting = client.reflect()
      await reflecting.until(() => reflecting.errors.length === 5)
      const times = api.calls.map(({ time }) => time)
      const gaps = times.slice(1).map((time, at) => time - (times[at] ?? 0))
      assert.ok(
        gaps.every((gap, at) => gap >= 700 * 2 ** at),
        gaps.join(' '),
      )
      assert.equal(client.client.pace.ill, false)
      assert.equal(reflecting.reflector.synced, false)
      api.script = undefined
      await reflecting.until(() => reflecting.reflector.synced, 1_000)
    })

  test('refusals that lie behind are forgotten: the next one is the first again', async (t) => {
    const { api, client } = await startApi(t)
    const reflecting = client.reflect()
    await synced(api, reflecting)
    for (let round = 0; round < 8; round++) {
      let refused = false
      api.script = (call, response) => {
        if (refused || call.watch) return false
        refused = true
        fail(response, 403, 'Forbidden')
        return true
      }
      const { watches: count } = reflecting.reflector.counts
      api.version++
      api.compact()
      client.clock.advance(10_000)
      api.endWatches()
      const ended = client.clock.now()
      await reflecting.until(() => reflecting.reflector.counts.watches > count && api.watching === 1)
      assert.ok(refused)
      assert.ok(client.clock.now() - ended <= 2_000, `${client.clock.now() - ended} ms`)
    }
  })

  test('a kind that may be missing counts as empty until it can be read', async (t) => {
    const { api, client } = await startApi(t)
    fill(api, 1)
    api.script = (_, response) => {
      fail(response, 403, 'Forbidden')
      return true
    }
    const reflecting = client.reflect({ optional: true })
    await reflecting.soon(() => reflecting.reflector.synced)
    assert.deepEqual(reflecting.held, [])
    assert.equal(reflecting.reflector.refusal, 'Forbidden as scripted')
    api.script = undefined
    await reflecting.until(() => reflecting.held.length === 1, 1_000)
    assert.equal(reflecting.reflector.refusal, undefined)
  })

  test('that it could be read is told, even if it is empty', async (t) => {
    const { api, client } = await startApi(t)
    api.script = (_, response) => {
      fail(response, 403, 'Forbidden')
      return true
    }
    const reflecting = client.reflect({ optional: true })
    await reflecting.soon(() => reflecting.reflector.synced)
    assert.equal(reflecting.changes, 1)
    api.script = undefined
    await reflecting.until(() => reflecting.changes === 2, 1_000)
  })

  test('a server that never answers is given up after 15 s', async (t) => {
    const { api, client } = await startApi(t)
    api.script = () => true
    const reflecting = client.reflect()
    await api.until(() => api.calls.length === 1)
    client.clock.advance(14_000)
    assert.equal(reflecting.errors.length, 0)
    client.clock.advance(2_000)
    await reflecting.soon(() => reflecting.errors.length === 1)
    assert.equal(reflecting.errors[0]?.reason, 'Silent')
    api.script = undefined
    await synced(api, reflecting)
  })

  for (const [what, body] of [
    ['HTML', '<html>'],
    ['half an object', '{"metadata":{"resourceVersion":"1"},"items":['],
    ['a list without a version', '{"items":[]}'],
    ['items that are no list', '{"metadata":{"resourceVersion":"1"},"items":{}}'],
    ['null', 'null'],
  ] as const)
    test(`an answer of ${what} is none`, async (t) => {
      const { api, client } = await startApi(t)
      fill(api, 1)
      api.script = (_, response) => {
        response.end(body)
        return true
      }
      const reflecting = client.reflect()
      await reflecting.until(() => reflecting.errors.length === 2)
      assert.equal(reflecting.reflector.synced, false)
      api.script = undefined
      await reflecting.until(() => reflecting.held.length === 1)
    })
})
