import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

import { bindPort } from '../../src/serve/index.ts'
import { putRoute, startFakeCluster } from '../support/fake-cluster.ts'
import { ask } from '../support/http-client.ts'
import type { Received } from '../support/http-client.ts'
import { startLintel } from '../support/lintel.ts'
import type { Lintel } from '../support/lintel.ts'
import { startLoadUpstream } from '../support/load-upstream.ts'
import { printIngress } from '../support/manifests.ts'
import { processTree, titleOf } from '../support/process-tree.ts'
import { RawClient } from '../support/raw-client.ts'
import { runCli } from '../support/run-cli.ts'

const deadline = { timeout: 120_000 }
const onLinux = { ...deadline, skip: process.platform !== 'linux' && 'finds processes by /proc' }

const manifest = printIngress('a', [{ host: 'a.test', service: 'a' }])

function askAdmin({ adminPort }: Pick<Lintel, 'adminPort'>, path: string): Promise<Received> {
  return ask({ http: adminPort, https: 0 }, { method: 'GET', url: `http://127.0.0.1${path}` })
}

async function isReady(lintel: Pick<Lintel, 'adminPort'>): Promise<boolean> {
  return (await askAdmin(lintel, '/readyz')).status === 200
}

function askTraffic({ httpPort: http, httpsPort: https }: Lintel, host = 'a.test'): Promise<Received> {
  return ask({ http, https }, { method: 'GET', url: `http://${host}/x` })
}

type Samples = ReadonlyMap<string, number>

/** By name and labels, as they are printed. Refuses what is not the text format. */
async function scrape(lintel: Pick<Lintel, 'adminPort'>): Promise<Samples> {
  const { body } = await askAdmin(lintel, '/metrics')
  const lines = body.split('\n').filter((line) => line !== '' && !line.startsWith('# '))
  return new Map(
    lines.map((line) => {
      const [, name = '', value = ''] = /^(lintel_\w+(?:\{(?:\w+="[^"\\\n]*",?)*\})?) ([\d.e+-]+)$/.exec(line) ?? []
      assert.notEqual(name, '', line)
      return [name, Number(value)]
    }),
  )
}

/** Over all workers. */
function sum(samples: Samples, name: string, label = ''): number {
  const own = [...samples].filter(([key]) => key.startsWith(name) && key.includes(label))
  return own.reduce((total, [, value]) => total + value, 0)
}

async function scrapeUntil(lintel: Lintel, good: (samples: Samples) => boolean): Promise<Samples> {
  for (;;) {
    const samples = await scrape(lintel)
    if (good(samples)) return samples
  }
}

test('not ready before the first table, and until then traffic is refused and it is alive', deadline, async (t) => {
  const { api, kubeconfig, close } = await startFakeCluster()
  t.after(close)
  api.script = () => true
  const ports = await Promise.all([bindPort('127.0.0.1', 0), bindPort('127.0.0.1', 0)])
  for (const bound of ports) bound.close()
  const [httpPort = 0, adminPort = 0] = ports.map(({ port }) => port)
  const flags = ['--http-port', String(httpPort), '--healthz-port', String(adminPort), '--kubeconfig', kubeconfig]
  const starting = startLintel(['--workers', '2', ...flags])
  t.after(async () => (await starting).stop('SIGKILL'))
  await api.until(() => api.calls.length > 0)
  assert.equal((await askAdmin({ adminPort }, '/livez')).status, 200)
  assert.deepEqual(await isReady({ adminPort }), false)
  await assert.rejects(RawClient.connect(httpPort), /ECONNREFUSED/)
  api.script = undefined
  api.hangUp()
  const lintel = await starting
  assert.equal(lintel.adminPort, adminPort)
  assert.equal(await isReady(lintel), true)
})

/** Of any Lintel of this test, also of one that is not ready. */
function killControl(): void {
  const controls = processTree(process.pid).filter((pid) => titleOf(pid) === 'lintel: control')
  assert.equal(controls.length, 1)
  for (const pid of controls) process.kill(pid, 'SIGKILL')
}

/**
 * What is ready is said again if control dies before the supervisor knows that it was said. Control tells it in the turn in
 * which it says it, and answers nobody before that turn is over.
 */
test('control that dies before the first table leaves it to its successor to say ready, once', onLinux, async (t) => {
  const { api, kubeconfig, close } = await startFakeCluster()
  t.after(close)
  api.script = () => true
  const starting = startLintel(['--workers', '1', '--kubeconfig', kubeconfig])
  t.after(async () => (await starting).stop('SIGKILL'))
  await api.until(() => api.calls.length > 0)
  killControl()
  api.script = undefined
  const lintel = await starting
  assert.equal(await isReady(lintel), true)
  killControl()
  const [first] = lintel.lines
  const next = await lintel.line((line) => line !== first && 'version' in line)
  assert.equal(next['event'], 'table')
})

test('an API server that dies does not change readiness, also when control is started anew', onLinux, async (t) => {
  const { api, kubeconfig, close } = await startFakeCluster()
  t.after(close)
  putRoute(api, { name: 'web', host: 'web.test', port: 3000 })
  const lintel = await startLintel(['--workers', '1', '--kubeconfig', kubeconfig])
  t.after(() => lintel.stop('SIGKILL'))
  const well = await scrape(lintel)
  assert.equal(well.get('lintel_api_server_well'), 1)
  await scrapeUntil(lintel, (samples) => samples.get('lintel_leader') === 1)
  assert.equal(well.get('lintel_watch_synced{kind="Ingress",namespace=""}'), 1)
  assert.equal(well.get('lintel_secrets{state="missing"}'), 0)
  await api.stop()
  const ill = await scrapeUntil(lintel, (samples) => samples.get('lintel_api_server_well') === 0)
  assert.ok(sum(ill, 'lintel_watch_errors_total') > 0)
  assert.equal(await isReady(lintel), true)
  const [control = 0] = lintel.pids('lintel: control')
  process.kill(control, 'SIGKILL')
  while (!(await isReady(lintel))) await new Promise(setImmediate)
  assert.notEqual(lintel.pids('lintel: control')[0], control)
  assert.equal((await scrape(lintel)).has('lintel_table_version'), false)
  await api.start()
})

test(
  'SIGTERM: not ready at once, served during the delay, idle connections 5 s, alive to the end',
  deadline,
  async (t) => {
    const upstream = await startLoadUpstream()
    t.after(() => upstream.close())
    const flags = ['--workers', '2', '--drain-delay', '2s', '--backend', `a:80=127.0.0.1:${upstream.port}`, '-']
    const lintel = await startLintel(flags, manifest)
    t.after(() => lintel.stop('SIGKILL'))
    assert.equal(await isReady(lintel), true)
    const idle = await RawClient.connect(lintel.httpPort)
    t.after(() => idle.close())
    const busy = performance.now()
    idle.send('GET /x HTTP/1.1\r\nHost: a.test\r\n\r\n')
    await idle.until('200 OK')
    const closed = once(idle.socket, 'end').then(() => performance.now() - busy)
    let exited = false
    const exit = lintel.stop().finally(() => (exited = true))
    const begun = performance.now()
    while (await isReady(lintel)) assert.ok(performance.now() - begun < 1_000, 'still ready a second after the signal')
    let announced = 0
    for (;;) {
      const answer = await askTraffic(lintel).catch(() => undefined)
      if (answer === undefined) break
      assert.equal(answer.status, 200)
      if (answer.fields.connection === 'close') announced++
      assert.equal(await isReady(lintel), false)
    }
    assert.ok(performance.now() - begun >= 2_000)
    assert.ok(announced > 0)
    assert.equal((await askAdmin(lintel, '/livez')).status, 200)
    assert.equal(exited, false)
    assert.ok((await closed) >= 5_000, `closed after ${await closed} ms`)
    assert.equal(await exit, 0)
  },
)

test('a worker that dies makes no counter fall, and readiness comes back with another control', onLinux, async (t) => {
  const upstream = await startLoadUpstream()
  t.after(() => upstream.close())
  const lintel = await startLintel(['--workers', '2', '--backend', `a:80=127.0.0.1:${upstream.port}`, '-'], manifest)
  t.after(() => lintel.stop('SIGKILL'))
  for (let each = 0; each < 20; each++) {
    await askTraffic(lintel)
    await askTraffic(lintel, 'nobody.test')
  }
  const counted = await scrapeUntil(lintel, (samples) => sum(samples, 'lintel_requests_total') === 40)
  assert.equal(sum(counted, 'lintel_requests_total', 'class="2xx",reason=""'), 20)
  assert.equal(sum(counted, 'lintel_requests_total', 'class="4xx",reason="NoRoute"'), 20)
  assert.equal(sum(counted, 'lintel_connections_total', 'port="http"'), 40)
  for (const pid of [1, 2].flatMap((id) => lintel.pids(`lintel: worker ${id}`))) process.kill(pid, 'SIGKILL')
  const after = await scrapeUntil(
    lintel,
    (samples) => sum(samples, 'lintel_worker_restarts_total') === 2 && samples.get('lintel_workers_serving') === 2,
  )
  for (const [name, value] of counted)
    if (name.includes('_total')) assert.ok((after.get(name) ?? 0) >= value, `${name} fell from ${value}`)
  await askTraffic(lintel)
  await scrapeUntil(lintel, (samples) => sum(samples, 'lintel_requests_total') === 41)
  const [control = 0] = lintel.pids('lintel: control')
  process.kill(control, 'SIGKILL')
  while (!(await isReady(lintel))) await new Promise(setImmediate)
  assert.notEqual(lintel.pids('lintel: control')[0], control)
  await askTraffic(lintel)
  await scrapeUntil(lintel, (samples) => sum(samples, 'lintel_requests_total') === 1)
})

test(
  'docs/metrics.md has the metrics that are shown, with their types and labels, and no other',
  deadline,
  async (t) => {
    const lintel = await startLintel(['--workers', '1', '--echo', '-'], manifest)
    t.after(() => lintel.stop('SIGKILL'))
    const { body } = await askAdmin(lintel, '/metrics')
    const shown = [...body.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name, type]) => `${name} ${type}`)
    const page = readFileSync(new URL('../../docs/metrics.md', import.meta.url), 'utf8')
    const rows = [...page.matchAll(/^\| `(lintel_\w+)` *\| (\w+) *\| ([^|]*)\|/gm)]
    assert.deepEqual(
      rows.map(([, name, type]) => `${name} ${type}`),
      shown,
    )
    const labelsOf = new Map(rows.map(([, name = '', , labels = '']) => [name, labels.match(/\w+/g) ?? []]))
    for (const key of (await scrape(lintel)).keys()) {
      const [name = '', labels = ''] = key.split('{')
      assert.deepEqual(
        [...labels.matchAll(/(\w+)="/g)].map(([, label]) => label),
        labelsOf.get(name),
        key,
      )
    }
  },
)

test('explain --admin answers from the table that is served, with the words of explain', deadline, async (t) => {
  const lintel = await startLintel(['--workers', '1', '--backend', 'a:80=127.0.0.1:3000', '-'], manifest)
  t.after(() => lintel.stop('SIGKILL'))
  const admin = ['--admin', `127.0.0.1:${lintel.adminPort}`]
  const asked = ['explain', 'http://a.test/ü x?q', '--header', 'X_Y: ü', '-o', 'json']
  const served = await runCli([...asked, ...admin])
  const ports = ['--public-http-port', String(lintel.httpPort), '--public-https-port', String(lintel.httpsPort)]
  const read = await runCli([...asked, ...ports, '--backend', 'a:80=127.0.0.1:3000', '-'], manifest)
  assert.deepEqual([served.code, served.errors], [0, ''])
  assert.deepEqual(JSON.parse(served.output), JSON.parse(read.output))
  const rows: readonly (readonly [args: readonly string[], message: RegExp])[] = [
    [['explain', 'a.test', ...admin], /a\.test: a URL wanted/],
    [['explain', 'http://a.test', '--client-ip', 'x', ...admin], /--client-ip x: an IP address wanted/],
    [['explain', 'http://a.test', '.', ...admin], /either paths or --admin, not both/],
    [['explain', 'http://a.test', '--echo', ...admin], /--echo: the serve at .* goes by its own/],
    [['explain', 'http://a.test', '--admin', 'x'], /--admin x: HOST:PORT wanted/],
    [['explain', 'http://a.test', '--admin', '127.0.0.1:1'], /nobody answers at --admin 127\.0\.0\.1:1/],
  ]
  for (const [args, message] of rows) {
    const { code, errors } = await runCli(args)
    assert.equal(code, 2)
    assert.match(errors, message)
  }
})

test('a port for health that is taken: exit 2, and the flag is named', deadline, async (t) => {
  const lintel = await startLintel(['--workers', '1', '--echo', '-'], manifest)
  t.after(() => lintel.stop('SIGKILL'))
  const flags = [
    '--http-port',
    '0',
    '--https-port',
    '0',
    '--bind',
    '127.0.0.1',
    '--healthz-port',
    String(lintel.adminPort),
  ]
  const { code, errors } = await runCli(['serve', ...flags, '-'], manifest)
  assert.deepEqual(
    [code, errors],
    [2, `lintel: port ${lintel.adminPort} is taken: choose another with --healthz-port, 0 takes a free one\n`],
  )
})
