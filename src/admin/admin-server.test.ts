import assert from 'node:assert/strict'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { request } from 'node:http'
import type { IncomingHttpHeaders, Server } from 'node:http'
import { test } from 'node:test'
import type { TestContext } from 'node:test'

import { RawClient } from '../../test/support/raw-client.ts'
import { bindPort, listenOn } from '../serve/index.ts'
import { AdminServer } from './admin-server.ts'
import type { Facts } from './facts.ts'

interface Answer {
  readonly status: number
  readonly fields: IncomingHttpHeaders
  readonly body: string
}

type Ask = (path: string, method?: string, host?: string) => Promise<Answer>

async function start(t: TestContext, ready: () => boolean): Promise<Ask> {
  return (await open(t, ready)).ask
}

async function open(t: TestContext, ready: () => boolean): Promise<{ readonly ask: Ask; readonly port: number }> {
  const facts = (): Facts => ({
    ready: ready(),
    process: { cpu: 0, resident: 0, heap: 0, descriptors: 0, started: 0 },
    wanted: 1,
    workers: [],
    table: undefined,
    cluster: undefined,
    admission: undefined,
  })
  const server = new AdminServer({ facts, explain: (query) => ({ status: 200, told: { url: query.get('url') } }) })
  const bound = await bindPort('127.0.0.1', 0)
  await server.listen(listenOn(bound, bound.descriptor))
  t.after(() => server.close())
  const ask: Ask = (path, method = 'GET', host = `127.0.0.1:${bound.port}`) =>
    new Promise((resolve, reject) => {
      const options = { host: '127.0.0.1', port: bound.port, path, method, headers: { Host: host }, agent: false }
      const sent = request(options, (response) => {
        let body = ''
        response.setEncoding('utf8').on('data', (text: string) => (body += text))
        response.on('end', () => resolve({ status: response.statusCode ?? 0, fields: response.headers, body }))
      })
      sent.on('error', reject)
      sent.end()
    })
  return { ask, port: bound.port }
}

test('health: alive in any case, ready when it is', async (t) => {
  let ready = false
  const ask = await start(t, () => ready)
  const statuses = async (): Promise<number[]> =>
    Promise.all(['/livez', '/readyz', '/healthz?x=1'].map(async (path) => (await ask(path)).status))
  assert.deepEqual(await statuses(), [200, 503, 503])
  ready = true
  assert.deepEqual(await statuses(), [200, 200, 200])
})

test('who holds connections and says nothing keeps nobody out', async (t) => {
  const { ask, port } = await open(t, () => true)
  const held = await Promise.all(Array.from({ length: 520 }, () => RawClient.connect(port)))
  t.after(() => held.forEach((client) => client.close()))
  assert.equal((await ask('/livez')).status, 200)
})

test('connections that cannot be accepted end nothing', async (t) => {
  const ask = await start(t, () => true)
  let server: Server | undefined
  const note = (message: unknown): void => void ({ server } = message as { readonly server: Server })
  subscribe('http.server.request.start', note)
  t.after(() => unsubscribe('http.server.request.start', note))
  await ask('/livez')
  for (const _ of [1, 2]) server?.emit('error', Object.assign(new Error('accept EMFILE'), { code: 'EMFILE' }))
  assert.ok(server?.listening)
  assert.equal((await ask('/livez')).status, 200)
})

test('only GET and HEAD are answered, and HEAD without a body', async (t) => {
  const ask = await start(t, () => true)
  const { status, fields } = await ask('/metrics', 'POST')
  assert.deepEqual([status, fields.allow], [405, 'GET, HEAD'])
  const head = await ask('/metrics', 'HEAD')
  assert.equal(head.body, '')
  const got = await ask('/metrics')
  assert.equal(got.fields['content-type'], 'text/plain; version=0.0.4; charset=utf-8')
  assert.equal(head.fields['content-length'], String(got.body.length))
  assert.equal((await ask('/metrics/')).status, 404)
})

test('explanations are refused to a page whose name leads to this address', async (t) => {
  const ask = await start(t, () => true)
  const path = '/explain?url=http%3A%2F%2Fa.test%2F'
  for (const host of ['127.0.0.1', 'localhost:10254', '[::1]:10254']) {
    const { status, body } = await ask(path, 'GET', host)
    assert.deepEqual([status, body], [200, '{"url":"http://a.test/"}\n'], host)
  }
  for (const host of ['rebound.test', '127.0.0.1.rebound.test', '10.0.0.1:10254', '[::]'])
    assert.equal((await ask(path, 'GET', host)).status, 403, host)
})
