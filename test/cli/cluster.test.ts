import assert from 'node:assert/strict'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import type { TestContext } from 'node:test'

import { fail } from '../support/fake-api-server.ts'
import type { FakeApiServer } from '../support/fake-api-server.ts'
import { putRoute, startFakeCluster } from '../support/fake-cluster.ts'
import type { FakeRoute } from '../support/fake-cluster.ts'
import { ask } from '../support/http-client.ts'
import { startLintel } from '../support/lintel.ts'
import type { Lintel } from '../support/lintel.ts'
import { startLoadUpstream } from '../support/load-upstream.ts'
import { RawClient } from '../support/raw-client.ts'
import { runCli } from '../support/run-cli.ts'

const deadline = { timeout: 120_000 }

describe('check and explain ask a cluster', deadline, () => {
  test('with the words that they have for files, and objects in place of lines', async (t) => {
    const { api, kubeconfig, close } = await startFakeCluster()
    t.after(close)
    putRoute(api, { name: 'web', host: 'web.test', port: 3000 })
    const { code, output } = await runCli(['check', '--kubeconfig', kubeconfig])
    assert.equal(code, 1)
    assert.match(output, /^EndpointSlice shop\/web {2}LoopbackEndpoint {2}127\.0\.0\.1 is this machine/m)
    const allowed = await runCli(['check', '--kubeconfig', kubeconfig, '--allow-loopback-endpoints'])
    assert.deepEqual([allowed.code, allowed.errors], [0, ''])
    assert.match(allowed.output, /4 objects: 4 accepted/)
    const told = await runCli(['explain', 'http://web.test/x', '--kubeconfig', kubeconfig, '-o', 'json'])
    assert.equal(told.code, 0)
    const { outcome, ingress } = JSON.parse(told.output) as Record<string, unknown>
    assert.deepEqual([outcome, ingress], ['answer', { namespace: 'shop', name: 'web' }])
  })

  test('one Secret that is missing is told once, and no other is asked for', async (t) => {
    const { api, kubeconfig, close } = await startFakeCluster()
    t.after(close)
    const tls = [{ hosts: ['a.test'], secretName: 'none' }]
    const rules = [{ host: 'a.test' }]
    api.put({ kind: 'Secret', metadata: { name: 'other', namespace: 'shop' } })
    const metadata = { name: 'web', namespace: 'shop' }
    api.put({ kind: 'Ingress', metadata, spec: { ingressClassName: 'lintel', tls, rules } })
    const { output } = await runCli(['check', '--kubeconfig', kubeconfig])
    assert.equal(output.match(/SecretNotFound/g)?.length, 1)
    const secrets = api.calls.map(({ path }) => path).filter((path) => path.includes('secrets'))
    assert.deepEqual([...new Set(secrets)], ['/api/v1/namespaces/shop/secrets/none'])
  })

  test('a Secret that may not be read is no fault of the Ingress that names it', async (t) => {
    const { api, kubeconfig, close } = await startFakeCluster()
    t.after(close)
    api.script = ({ resource }, response) => {
      if (resource !== 'secrets/cert') return false
      fail(response, 403, 'Forbidden')
      return true
    }
    const tls = [{ hosts: ['a.test'], secretName: 'cert' }]
    const spec = { ingressClassName: 'lintel', tls, rules: [{ host: 'a.test' }] }
    api.put({ kind: 'Ingress', metadata: { name: 'web', namespace: 'shop' }, spec })
    const { code, output } = await runCli(['check', '--kubeconfig', kubeconfig])
    assert.equal(code, 0)
    assert.match(output, /^Ingress shop\/web {2}SecretUnread {2}.* could not be read: Forbidden as scripted/m)
    assert.match(output, /2 objects: 2 accepted/)
  })

  test('rights in one namespace alone: classes that may not be read count as absent, as with serve', async (t) => {
    const { api, kubeconfig, close } = await startFakeCluster()
    t.after(close)
    api.script = ({ namespace }, response) => {
      if (namespace === 'shop') return false
      fail(response, 403, 'Forbidden')
      return true
    }
    putRoute(api, { name: 'web', host: 'web.test', port: 3000 })
    const flags = ['--kubeconfig', kubeconfig, '--watch-namespace', 'shop', '--allow-loopback-endpoints']
    const said = 'lintel: ingressclasses: Forbidden as scripted\n'
    const checked = await runCli(['check', ...flags])
    assert.deepEqual([checked.code, checked.errors], [0, said])
    assert.match(checked.output, /3 objects: 3 accepted/)
    const told = await runCli(['explain', 'http://web.test/x', ...flags])
    assert.deepEqual([told.code, told.errors], [0, said])
    assert.match(told.output, /shop\/web/)
    const everywhere = await runCli(['check', '--kubeconfig', kubeconfig])
    assert.equal(everywhere.code, 2)
  })

  test('nobody answers: said, and no waiting', async (t) => {
    const { api, kubeconfig, close } = await startFakeCluster()
    t.after(close)
    await api.stop()
    const { code, errors } = await runCli(['check', '--kubeconfig', kubeconfig])
    assert.equal(code, 2)
    assert.match(errors, /the API server cannot be reached: connect ECONNREFUSED/)
  })
})

describe('flags of a cluster', deadline, () => {
  const none = join(import.meta.dirname, 'none')
  const rows: readonly (readonly [args: readonly string[], message: RegExp])[] = [
    [['check', '--kubernetes', '.'], /either paths or --kubernetes, not both/],
    [['check'], /or --kubernetes/],
    [['check', '--kubeconfig', none], /none/],
    [['check', '--kubernetes', '--watch-namespace', 'a', '--watch-namespace-selector', 'b=c'], /not both/],
    [['check', '--kubernetes', '--watch-namespace', 'a,B'], /--watch-namespace B: the name of a namespace wanted/],
    [['check', '--kubernetes', '--secrets=namespaces'], /--secrets=namespaces needs --watch-namespace/],
    [['check', '--kubernetes', '--secrets=namespaces', '--watch-namespace-selector=a=b'], /needs --watch-namespace/],
    [['check', '--kubernetes', '--secrets', 'all'], /named, namespaces, cluster wanted/],
  ]
  for (const [args, message] of rows)
    test(args.join(' ').replace(none, 'NONE'), async () => {
      const { code, errors } = await runCli(args)
      assert.equal(code, 2)
      assert.match(errors, message)
    })

  test('a context that is not there', async (t) => {
    const { kubeconfig, close } = await startFakeCluster()
    t.after(close)
    const { code, errors } = await runCli(['check', '--kubeconfig', kubeconfig, '--context', 'other'])
    assert.deepEqual([code, errors], [2, 'lintel: there is no context "other"; there are: fake\n'])
  })
})

test('serve follows a cluster: created, served; deleted, 404', deadline, async (t) => {
  const { api, lintel, web, asked, changed } = await serveCluster(t)
  putRoute(api, web)
  while ((await asked()) !== 200) await lintel.line(({ event }) => event === 'table' || event === 'request')
  await changed(() => api.remove('Ingress', 'shop', 'web'))
  assert.equal(await asked(), 404)
})

test(
  'serve follows the ConfigMap: only that one is asked for, and a change counts without a restart',
  deadline,
  async (t) => {
    const flags = ['--watch-namespace', 'shop', '--configmap', 'system/controller']
    const { api, lintel, asked, changed } = await serveCluster(t, flags, (before, web) => {
      putRoute(before, web)
      putConfigMap(before, { 'worker-processes': '4', 'enable-real-ip': 'true' })
    })
    assert.equal(await asked(), 200)
    assert.match(lintel.errors(), /ConfigMap system\/controller {2}ConfigKeyNotServed {2}worker-processes/)
    await changed(() => putConfigMap(api, { 'block-cidrs': '192.0.2.0/24' }))
    assert.equal(await asked(), 503)
    const calls = api.calls.filter(({ resource }) => resource === 'configmaps')
    assert.deepEqual(
      [...new Set(calls.map(({ namespace, query }) => `${namespace} ${query.get('fieldSelector')}`))],
      ['system metadata.name=controller'],
    )
  },
)

test('the PROXY protocol begins with a change of the ConfigMap', deadline, async (t) => {
  const { api, kubeconfig, close } = await startFakeCluster()
  t.after(close)
  putConfigMap(api, {})
  const lintel = await startLintel(['--workers', '1', '--kubeconfig', kubeconfig, '--configmap', 'system/controller'])
  t.after(() => lintel.stop('SIGKILL'))
  const request = 'GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n'
  const header = 'PROXY TCP4 203.0.113.9 192.0.2.1 5678 80\r\n'
  assert.match(await exchange(lintel.httpPort, request), /^HTTP\/1\.1 404 /)
  assert.match(await exchange(lintel.httpPort, header + request), /^HTTP\/1\.1 400 /)
  putConfigMap(api, { 'use-proxy-protocol': 'true', 'proxy-real-ip-cidr': '127.0.0.0/8' })
  await lintel.line(({ event }) => event === 'table')
  assert.match(await exchange(lintel.httpPort, header + request), /^HTTP\/1\.1 404 /)
  assert.equal(await exchange(lintel.httpPort, request), '')
})

/** By which others reach this machine. */
const ownAddress = Object.values(networkInterfaces())
  .flatMap((each) => each ?? [])
  .find(({ internal, family }) => !internal && family === 'IPv4')?.address
const skip = ownAddress === undefined && 'this machine has no address but loopback'

test('no slice leads to where the pod of Lintel itself listens', { ...deadline, skip }, async (t) => {
  const { api, kubeconfig, close } = await startFakeCluster()
  t.after(close)
  const flags = ['--bind', '0.0.0.0', '--workers', '1', '--kubeconfig', kubeconfig]
  const lintel = await startLintel(flags, undefined, { environment: { POD_NAMESPACE: 'lintel' } })
  t.after(() => lintel.stop('SIGKILL'))
  putRoute(api, { name: 'health', host: 'a.test', port: lintel.adminPort, ...(ownAddress && { address: ownAddress }) })
  const ports = { http: lintel.httpPort, https: lintel.httpsPort }
  const answer = async (): Promise<string> => (await ask(ports, { method: 'GET', url: 'http://a.test/' })).body
  while (/NoRoute/.test(await answer())) await lintel.line(({ event }) => event === 'table' || event === 'request')
  assert.match(await answer(), /^503 NoEndpoints /)
  assert.match(lintel.errors(), /EndpointSlice shop\/health {2}LoopbackEndpoint {2}\S+ is where Lintel itself listens/)
})

interface Served {
  readonly api: FakeApiServer
  readonly lintel: Lintel
  /** A route to an upstream that is there. */
  readonly web: FakeRoute
  /** The status of a request along that route. */
  readonly asked: () => Promise<number>
  /** Resolves once a table is live that was made after the change. */
  readonly changed: (change: () => unknown) => Promise<void>
}

/** Lintel with one worker and a cluster that holds what `prepare` puts there. */
async function serveCluster(
  t: TestContext,
  flags: readonly string[] = [],
  prepare: (api: FakeApiServer, web: FakeRoute) => void = () => undefined,
): Promise<Served> {
  const upstream = await startLoadUpstream()
  t.after(() => upstream.close())
  const { api, kubeconfig, close } = await startFakeCluster()
  t.after(close)
  const web = { name: 'web', host: 'web.test', port: upstream.port }
  prepare(api, web)
  const fixed = ['--workers', '1', '--kubeconfig', kubeconfig, '--allow-loopback-endpoints']
  const lintel = await startLintel([...fixed, ...flags])
  t.after(() => lintel.stop('SIGKILL'))
  const ports = { http: lintel.httpPort, https: lintel.httpsPort }
  const tables = (): number => lintel.lines.filter(({ event }) => event === 'table').length
  return {
    api,
    lintel,
    web,
    asked: async () => (await ask(ports, { method: 'GET', url: 'http://web.test/x' })).status,
    changed: async (change) => {
      const before = tables()
      change()
      await lintel.line(() => tables() > before)
    },
  }
}

function putConfigMap(api: FakeApiServer, data: Readonly<Record<string, string>>): void {
  api.put({ kind: 'ConfigMap', metadata: { name: 'controller', namespace: 'system' }, data })
}

/** What comes back until the other side closes. */
async function exchange(port: number, octets: string): Promise<string> {
  const client = await RawClient.connect(port)
  client.send(octets)
  await client.ended()
  client.close()
  return client.received
}
