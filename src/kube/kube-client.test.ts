import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import { ingresses, startApi } from '../../test/support/api-client.ts'
import { fail, send } from '../../test/support/fake-api-server.ts'
import { KubeError } from './kube-error.ts'

const deadline = { timeout: 60_000 }
const web = { namespace: 'shop', name: 'web' }
const path = '/apis/networking.k8s.io/v1/namespaces/shop/ingresses'

suite('a client asks for objects', deadline, () => {
  test('get, create, update, patch: method, path, type and body', async (t) => {
    const { api, client } = await startApi(t)
    const seen: unknown[] = []
    api.script = async ({ method, path: asked, query }, response) => {
      const { req } = response
      req.setEncoding('utf8')
      const body = (await req.toArray()).join('')
      seen.push([method, asked + (query.size > 0 ? `?${query.toString()}` : ''), req.headers['content-type'], body])
      send(response, 200, { done: true })
      return true
    }
    const { client: kube, signal } = client
    assert.equal((await kube.get(ingresses, web, signal))['done'], true)
    await kube.create(ingresses, 'shop', { a: 1 }, signal)
    await kube.update(ingresses, web, { a: 2 }, signal)
    await kube.patch(ingresses, { ...web, subresource: 'status' }, { type: 'merge-patch', body: { a: 3 } }, signal)
    const query = { fieldManager: 'lintel', force: 'true' }
    await kube.patch(ingresses, web, { type: 'apply-patch', body: { a: 4 }, query }, signal)
    assert.deepEqual(seen, [
      ['GET', `${path}/web`, undefined, ''],
      ['POST', path, 'application/json', '{"a":1}'],
      ['PUT', `${path}/web`, 'application/json', '{"a":2}'],
      ['PATCH', `${path}/web/status`, 'application/merge-patch+json', '{"a":3}'],
      ['PATCH', `${path}/web?fieldManager=lintel&force=true`, 'application/apply-patch+json', '{"a":4}'],
    ])
  })

  test('a name from outside stays within its place in the path', async (t) => {
    const { api, client } = await startApi(t)
    const name = { namespace: '../x', name: 'a/b?c' }
    await assert.rejects(client.client.get(ingresses, name, client.signal), { status: 404 })
    assert.equal(api.calls[0]?.path, '/apis/networking.k8s.io/v1/namespaces/..%2Fx/ingresses/a%2Fb%3Fc')
  })

  for (const [status, reason, ill] of [
    [403, 'Forbidden', false],
    [404, 'NotFound', false],
    [409, 'Conflict', false],
    [422, 'Invalid', false],
    [401, 'Unauthorized', true],
    [429, 'TooManyRequests', true],
    [500, 'InternalError', true],
    [503, 'ServiceUnavailable', true],
  ] as const)
    test(`${status} is told with its reason; ${ill ? 'everybody waits' : 'nobody waits'}`, async (t) => {
      const { api, client } = await startApi(t)
      api.script = (_, response) => {
        fail(response, status, reason)
        return true
      }
      await assert.rejects(client.client.get(ingresses, web, client.signal), (error) => {
        assert.ok(error instanceof KubeError)
        assert.deepEqual([error.status, error.reason, error.message], [status, reason, `${reason} as scripted`])
        return true
      })
      assert.equal(client.client.pace.ill, ill)
    })

  test('an answer that is no Status is told too', async (t) => {
    const { api, client } = await startApi(t)
    api.script = (_, response) => {
      response.writeHead(502).end('<html>')
      return true
    }
    await assert.rejects(client.client.get(ingresses, web, client.signal), {
      status: 502,
      reason: 'Status502',
      message: 'the API server answers 502',
    })
  })

  test('nobody there', async (t) => {
    const { api, client } = await startApi(t)
    await api.stop()
    await assert.rejects(client.client.get(ingresses, web, client.signal), { status: 0, reason: 'Unreachable' })
    assert.equal(client.client.pace.ill, true)
  })

  test('who gives up takes no blame to the server', async (t) => {
    const { api, client } = await startApi(t)
    const impatient = new AbortController()
    api.script = () => true
    const asked = client.client.get(ingresses, web, impatient.signal)
    await api.until(() => api.calls.length === 1)
    impatient.abort()
    await assert.rejects(asked)
    assert.equal(client.client.pace.ill, false)
  })

  test('credentials that cannot be had are a failure of the request', async (t) => {
    const { client } = await startApi(t)
    client.credentials = () => Promise.reject(new Error('the plug-in failed'))
    await assert.rejects(client.client.get(ingresses, web, client.signal), { message: /the plug-in failed/ })
  })

  test('credentials that never come are waited for no longer than an answer', async (t) => {
    const { client } = await startApi(t)
    client.credentials = () => new Promise(() => undefined)
    const asked = client.client.get(ingresses, web, client.signal)
    await client.until(() => client.begun === 1)
    client.clock.advance(16_000)
    await assert.rejects(asked, { reason: 'Silent' })
  })
})
