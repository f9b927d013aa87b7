import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import type { ServeOptions } from '../serve-options.ts'
import { serveFlags } from './flag-table.ts'
import { readFlags } from './flags.ts'
import { readServeOptions } from './serve.ts'
import type { Terminal } from './terminal.ts'

const terminal: Terminal = { input: (async function* none() {})(), print: () => undefined, complain: assert.fail }

function read(...args: readonly string[]): Promise<ServeOptions> {
  return readServeOptions(readFlags(args, serveFlags), terminal)
}

/** What these flags change of a cluster that is served with none. */
async function changed(...args: readonly string[]): Promise<object> {
  const [plain, given] = [await read('--kubernetes'), await read('--kubernetes', ...args)]
  const entries = Object.entries(given).filter(([name, value]) => !isSame(value, Object(plain)[name]))
  return Object.fromEntries(entries)
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

suite('readServeOptions()', () => {
  const table: readonly (readonly [args: readonly string[], changes: object])[] = [
    [['--controller-class', 'a/b', '--controller-class=c/d'], { controllerClasses: ['a/b', 'c/d'] }],
    [['--ingress-class=internal'], { ingressClasses: ['internal'] }],
    [['--only-class=internal'], { onlyClasses: ['internal'] }],
    [['--watch-ingress-without-class'], { withoutClass: true }],
    [['--allow-external-name'], { allowExternalName: true }],
    [['--allow-loopback-endpoints'], { allowLoopback: true }],
    [['--default-ssl-certificate=edge/wildcard'], { defaultCertificate: 'edge/wildcard' }],
    [['--default-backend-service=edge/none'], { defaultBackend: 'edge/none' }],
    [['--configmap=edge/config'], { configMap: 'edge/config' }],
    [['--shutdown-grace-period=30'], { drainDelay: 30_000 }],
    [['--healthz-port=0', '--http-port=80', '--https-port=443'], { healthzPort: 0, httpPort: 80, httpsPort: 443 }],
    [['--update-status=false'], { publish: undefined }],
  ]
  for (const [args, changes] of table)
    test(args.join(' '), async () => {
      assert.deepEqual(await changed(...args), changes)
    })

  test('--report-node-internal-ip-address', async () => {
    const { publish: plain } = await read('--kubernetes')
    const { publish: given } = await read('--kubernetes', '--report-node-internal-ip-address')
    assert.deepEqual(given, { ...plain, internalAddresses: true })
    assert.equal(plain?.internalAddresses, false)
  })

  for (const [flag, ports] of [
    ['--proxy-protocol', ['http', 'https']],
    ['--proxy-protocol=http', ['http']],
    ['--proxy-protocol=https', ['https']],
  ] as const)
    test(`${flag} for those who are trusted`, async () => {
      const trusted = ['10.0.0.0/8', '192.0.2.1']
      const { settings } = await read('--kubernetes', flag, '--trusted-proxies=10.0.0.0/8,192.0.2.1')
      assert.deepEqual(settings, { trustedProxies: trusted, introducers: trusted, proxyProtocol: ports })
    })

  test('--proxy-protocol for nobody, or on another port, is refused', async () => {
    await assert.rejects(read('--kubernetes', '--proxy-protocol'), /--proxy-protocol needs --trusted-proxies CIDR/)
    const other = read('--kubernetes', '--proxy-protocol=tcp', '--trusted-proxies=192.0.2.1')
    await assert.rejects(other, /--proxy-protocol tcp: both, http, https wanted/)
  })

  test('what stands for a cluster does not stand for files', async () => {
    const { publicHttpPort, publicHttpsPort, drainDelay, healthzPort, publish, fromCluster, allowLoopback } =
      await read(import.meta.dirname)
    assert.deepEqual([publicHttpPort, publicHttpsPort, drainDelay, healthzPort], [undefined, undefined, 0, undefined])
    assert.deepEqual([publish, fromCluster, allowLoopback], [undefined, false, true])
    const cluster = await read('--kubernetes')
    assert.deepEqual([cluster.publicHttpPort, cluster.publicHttpsPort], [80, 443])
    assert.deepEqual([cluster.drainDelay, cluster.healthzPort], [10_000, 10_254])
  })
})
