import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import { bindPort } from '../../src/serve/index.ts'
import { putRoute, startFakeCluster } from '../support/fake-cluster.ts'
import { ask } from '../support/http-client.ts'
import { startLintel } from '../support/lintel.ts'
import { startLoadUpstream } from '../support/load-upstream.ts'
import { RawClient } from '../support/raw-client.ts'

interface Ports {
  readonly http: number
  readonly admin: number
}

/** The rows of the page: the moment, and what is seen then. */
function readRows(): ReadonlyMap<string, readonly string[]> {
  const page = readFileSync(join(import.meta.dirname, 'health.md'), 'utf8')
  const rows = page.split('\n').filter((line) => line.startsWith('| ') && !/^\| (---|moment)/.test(line))
  return new Map(
    rows.map((row) => {
      const [moment = '', ...seen] = row.split('|').slice(1, -1)
      return [moment.trim(), seen.map((cell) => cell.trim())]
    }),
  )
}

async function freePort(): Promise<number> {
  const bound = await bindPort('127.0.0.1', 0)
  bound.close()
  return bound.port
}

async function look({ http, admin }: Ports): Promise<readonly string[]> {
  const get = (path: string): ReturnType<typeof ask> =>
    ask({ http: admin, https: 0 }, { method: 'GET', url: `http://localhost${path}` })
  const pages = await Promise.all(['/livez', '/readyz', '/healthz'].map(get))
  const { body } = await get('/metrics')
  return [
    ...pages.map(({ status, body: text }) => `${status} ${text.trim()}`),
    /^lintel_ready (\d)$/m.exec(body)?.[1] ?? '',
    await RawClient.connect(http).then(askOnce, () => 'is refused'),
  ]
}

/** As a client that would keep the connection. */
async function askOnce(client: RawClient): Promise<string> {
  client.send('GET / HTTP/1.1\r\nHost: web.test\r\n\r\n')
  const head = await client.until('\r\n\r\n')
  client.close()
  const [, status = ''] = head.split(' ')
  return /^connection: close\r$/im.test(head) ? `${status}, Connection: close` : status
}

test('health.md: what a Lintel of a cluster says before the first table, serving, and draining', { timeout: 120_000 }, async (t) => {
  const rows = readRows()
  const upstream = await startLoadUpstream()
  t.after(() => upstream.close())
  const { api, kubeconfig, close } = await startFakeCluster()
  t.after(close)
  putRoute(api, { name: 'web', host: 'web.test', port: upstream.port })
  api.script = () => true
  const ports = { http: await freePort(), admin: await freePort() }
  const flags = ['--http-port', String(ports.http), '--healthz-port', String(ports.admin), '--drain-delay', '5s']
  const starting = startLintel(['--workers', '1', ...flags, '--allow-loopback-endpoints', '--kubeconfig', kubeconfig])
  t.after(async () => (await starting).stop('SIGKILL'))
  await api.until(() => api.calls.length > 0)
  assert.deepEqual(await look(ports), rows.get('before the first table'))
  api.script = undefined
  api.hangUp()
  const lintel = await starting
  assert.deepEqual(await look(ports), rows.get('serving'))
  void lintel.stop()
  let seen = await look(ports)
  while (seen[3] === '1') seen = await look(ports)
  assert.deepEqual(await look(ports), rows.get('draining'))
  assert.equal(rows.size, 3)
})
