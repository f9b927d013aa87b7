import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { suite, test } from 'node:test'
import type { TestContext } from 'node:test'

import { fill, ingress, startApi } from '../../test/support/api-client.ts'
import { fail } from '../../test/support/fake-api-server.ts'
import type { ApiCall, FakeApiServer } from '../../test/support/fake-api-server.ts'

const deadline = { timeout: 60_000 }

type Fault = (call: ApiCall, response: ServerResponse) => unknown

/** Requests in a minute, the first second aside, of six collections under a fault. */
async function requestsInOutage(t: TestContext, fault: (api: FakeApiServer) => void): Promise<number[]> {
  const { api, client } = await startApi(t)
  fill(api, 5)
  const all = Array.from({ length: 6 }, (_, at) =>
    client.reflect({ scope: { labelSelector: '', namespace: `n${at}` } }),
  )
  const [first] = all
  assert.ok(first)
  await first.until(() => api.watching === 6)
  fault(api)
  const begun = client.clock.now()
  api.endWatches('destroy')
  await first.until(() => client.clock.now() - begun > 61_000)
  const times = api.calls.map(({ time }) => time - begun).filter((time) => time > 1_000)
  api.script = undefined
  const back = client.clock.now()
  await first.until(() => api.watching === 6)
  assert.ok(client.clock.now() - back <= 5_000, `${client.clock.now() - back} ms until all watch again`)
  return times
}

suite('an outage', deadline, () => {
  const faults: readonly (readonly [what: string, fault: Fault])[] = [
    ['connections that break off', (_, response) => response.destroy()],
    ['503', (_, response) => fail(response, 503, 'ServiceUnavailable')],
    ['410 on every watch', (call, response) => (call.watch ? fail(response, 410, 'Expired') : undefined)],
    ['watches that end at once', (call, response) => (call.watch ? response.end() : undefined)],
  ]
  for (const [what, fault] of faults)
    test(`${what}: at most one request a second for all, and all is well within 5 s of its end`, async (t) => {
      const times = await requestsInOutage(t, (api) => {
        api.script = (call, response) => {
          fault(call, response)
          return response.destroyed || response.writableEnded
        }
      })
      assert.ok(times.length > 10, `${times.length} requests`)
      assert.ok(times.length <= 61, `${times.length} requests in a minute`)
    })

  test('a server that knows no rights for a moment after its start is asked no more often, and again soon', async (t) => {
    const { api, client } = await startApi(t)
    fill(api, 5)
    const all = Array.from({ length: 6 }, (_, at) => client.reflect({ scope: { namespace: `n${at}` } }))
    const [first] = all
    assert.ok(first)
    await first.until(() => api.watching === 6)
    for (let outage = 0; outage < 10; outage++) {
      let status = 503
      api.script = (_, response) => {
        fail(response, status, 'Refused')
        return true
      }
      const begun = client.clock.now()
      api.endWatches('destroy')
      await first.until(() => client.clock.now() - begun > 10_000)
      status = 403
      await first.until(() => client.clock.now() - begun > 31_000)
      const requests = api.calls.filter(({ time }) => time > begun + 1_000).length
      assert.ok(requests > 5 && requests <= 31, `${requests} requests in half a minute`)
      api.script = undefined
      const back = client.clock.now()
      await first.until(() => api.watching === 6)
      assert.ok(client.clock.now() - back <= 5_000, `${client.clock.now() - back} ms until all watch again`)
    }
  })

  test('that one of them has noticed counts for all: what they held of a lost history goes', async (t) => {
    const { api, client } = await startApi(t)
    fill(api, 2)
    const restore = api.save()
    api.put(ingress('lost'))
    const all = Array.from({ length: 3 }, () => client.reflect())
    await client.until(() => all.every(({ names }) => names === 'lost web-0 web-1') && api.watching === 3)
    await api.stop()
    await client.until(() => client.client.pace.absences > 0)
    restore()
    api.version += 1_000
    await api.start()
    await client.until(() => all.every(({ names }) => names === 'web-0 web-1'))
  })
})
