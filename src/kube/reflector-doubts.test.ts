import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { TestContext } from 'node:test'

import { fill, ingress, lists, startApi, synced } from '../../test/support/api-client.ts'
import { eventOf, fail, send } from '../../test/support/fake-api-server.ts'
import type { FakeApiServer } from '../../test/support/fake-api-server.ts'

const deadline = { timeout: 60_000 }

/** Has the next lists be answered by `answer`, and the watch lead to them. */
function relist(api: FakeApiServer, answers: readonly object[]): void {
  const left = [...answers]
  api.script = (call, response) => {
    if (call.watch) {
      if (left.length < answers.length) return false
      fail(response, 410, 'Expired')
      return true
    }
    const answer = call.query.get('limit') === '1' ? undefined : left.shift()
    if (answer === undefined) return false
    send(response, 200, answer)
    return true
  }
  api.endWatches('destroy')
}

suite('a list that cannot be believed', deadline, () => {
  for (const count of [1, 2, 3, 20])
    test(`an empty one deletes none of ${count} unless a second one is empty too`, async (t) => {
      const { api, client } = await startApi(t)
      fill(api, count)
      const reflecting = client.reflect()
      await synced(api, reflecting)
      const empty = { metadata: { resourceVersion: String(api.version) }, items: [] }
      relist(api, [empty])
      await reflecting.until(() => api.watching === 1 && reflecting.reflector.counts.lists === 3)
      assert.equal(reflecting.held.length, count)
      assert.equal(reflecting.changes, 1)
      relist(api, [empty, empty])
      await reflecting.until(() => reflecting.held.length === 0)
      assert.equal(reflecting.reflector.counts.lists, 5)
    })

  test('the second one waits for a while', async (t) => {
    const { api, client } = await startApi(t)
    fill(api, 20)
    const reflecting = client.reflect()
    await synced(api, reflecting)
    const empty = { metadata: { resourceVersion: String(api.version) }, items: [] }
    relist(api, [empty, empty])
    await reflecting.until(() => reflecting.held.length === 0)
    const [first, second] = lists(api)
      .slice(-2)
      .map(({ time }) => time)
    assert.ok((second ?? 0) - (first ?? 0) >= 700)
  })

  test('one that lacks a few is believed at once', async (t) => {
    const { api, client } = await startApi(t)
    fill(api, 20)
    const reflecting = client.reflect()
    await synced(api, reflecting)
    api.endWatches('destroy')
    for (let at = 0; at < 10; at++) api.remove('Ingress', 'shop', `web-${at}`)
    api.compact()
    api.put(ingress('new'))
    await reflecting.until(() => reflecting.held.length === 11)
    assert.equal(reflecting.reflector.counts.lists, 2)
  })

  test('a server restored from older data is found out, and believed the second time', async (t) => {
    const { api, client } = await startApi(t)
    fill(api, 3)
    const restore = api.save()
    const reflecting = client.reflect()
    await synced(api, reflecting)
    for (let at = 0; at < 5; at++) api.put(ingress(`later-${at}`))
    await reflecting.soon(() => reflecting.held.length === 8)
    restore()
    api.endWatches('destroy')
    await reflecting.until(() => reflecting.held.length === 3)
    assert.equal(reflecting.reflector.counts.lists, 3)
    api.put(ingress('after'))
    await reflecting.soon(() => reflecting.held.length === 4)
  })

  test('a server that lags behind takes nothing back', async (t) => {
    const { api, client } = await startApi(t)
    fill(api, 3)
    const reflecting = client.reflect()
    await synced(api, reflecting)
    const old = { metadata: { resourceVersion: '101' }, items: [] }
    relist(api, [old])
    await reflecting.until(() => api.watching === 1 && reflecting.reflector.counts.lists === 3)
    assert.equal(reflecting.held.length, 3)
    assert.equal(reflecting.changes, 1)
  })
})

/** Sends lines to the watcher; resolves when they were taken, or led to a list. */
async function tell(t: TestContext, lines: (api: FakeApiServer) => readonly string[]): Promise<Told> {
  const { api, client } = await startApi(t)
  fill(api, 2)
  const reflecting = client.reflect()
  await synced(api, reflecting)
  for (const line of lines(api)) api.write('ingresses', line)
  api.put(ingress('after'))
  await reflecting.until(() => reflecting.names.includes('after'))
  return { names: reflecting.names, relisted: reflecting.reflector.counts.lists > 1 }
}
interface Told {
  readonly names: string
  readonly relisted: boolean
}
function object(name: string, uid: string, version: number): object {
  return { metadata: { name, namespace: 'shop', uid, resourceVersion: String(version) } }
}

suite('events that cannot be', deadline, () => {
  test('the same event twice is one', async (t) => {
    const twice = eventOf('ADDED', object('twice', 'u', 103))
    const told = await tell(t, (api) => {
      api.version = 103
      return [twice, twice]
    })
    assert.deepEqual(told, { names: 'after twice web-0 web-1', relisted: false })
  })

  test('an older state of an object changes nothing, and has the list read again', async (t) => {
    const told = await tell(t, () => [eventOf('MODIFIED', object('web-0', 'uid-1', 50))])
    assert.deepEqual(told, { names: 'after web-0 web-1', relisted: true })
  })

  test('an object of the same name and another UID takes the place of the old one', async (t) => {
    const told = await tell(t, (api) => {
      api.version = 110
      return [eventOf('ADDED', object('web-0', 'other', 109)), eventOf('MODIFIED', object('web-0', 'other', 110))]
    })
    assert.deepEqual(told, { names: 'after web-0 web-1', relisted: false })
  })

  test('an object that leaves the selection and comes again is there again', async (t) => {
    const [gone, again] = [object('web-0', 'uid-1', 103), object('web-0', 'uid-1', 104)]
    const told = await tell(t, (api) => {
      api.version = 104
      return [eventOf('DELETED', gone), eventOf('ADDED', again)]
    })
    assert.deepEqual(told, { names: 'after web-0 web-1', relisted: false })
  })

  test('the end of an object that has a successor of its name takes nothing away', async (t) => {
    const late = [eventOf('ADDED', object('web-0', 'other', 109)), eventOf('DELETED', object('web-0', 'uid-1', 108))]
    assert.deepEqual(await tell(t, () => late), { names: 'after web-0 web-1', relisted: true })
  })

  for (const [what, line] of [
    ['DELETED without an object', eventOf('DELETED', {})],
    ['DELETED with null', eventOf('DELETED', null)],
    ['an unknown type', eventOf('RENAMED', object('web-0', 'uid-1', 200))],
    ['no type', '{"object":{}}\n'],
    ['a line that is not JSON', 'gzip\n'],
    ['a list', '[]\n'],
    [
      'an object without a UID',
      eventOf('ADDED', { metadata: { name: 'x', namespace: 'shop', resourceVersion: '200' } }),
    ],
    ['a version that goes back', eventOf('BOOKMARK', { metadata: { resourceVersion: '5' } })],
  ] as const)
    test(`${what} has the list read again, and deletes nothing`, async (t) => {
      assert.deepEqual(await tell(t, () => [line]), { names: 'after web-0 web-1', relisted: true })
    })

  for (const [what, line] of [
    ['without a version', eventOf('BOOKMARK', { metadata: {} })],
    ['without metadata', eventOf('BOOKMARK', {})],
    ['with a number for a version', eventOf('BOOKMARK', { metadata: { resourceVersion: 7 } })],
  ] as const)
    test(`a bookmark ${what} is a sign of life and no more`, async (t) => {
      assert.deepEqual(await tell(t, () => [line]), { names: 'after web-0 web-1', relisted: false })
    })

  test('keys such as __proto__ are keys', async (t) => {
    const text =
      '{"__proto__":{"polluted":1},"metadata":{"name":"evil","namespace":"shop","uid":"e","resourceVersion":"103","__proto__":{"name":"x"}}}'
    const told = await tell(t, (api) => {
      api.version = 103
      return [`{"type":"ADDED","object":${text}}\n`]
    })
    assert.equal(told.names, 'after evil web-0 web-1')
    assert.equal(Object.hasOwn(Object.prototype, 'polluted'), false)
  })
})
