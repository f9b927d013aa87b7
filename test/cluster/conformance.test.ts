import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { connect } from 'node:tls'

import { makeTestCertificate } from '../support/certificates.ts'
import { ask } from '../support/http-client.ts'
import { startLintel } from '../support/lintel.ts'
import type { Lintel } from '../support/lintel.ts'
import { startCluster } from './support/cluster.ts'
import type { Cluster } from './support/cluster.ts'
import { untilReady } from './support/endpoints.ts'
import { welcomeLintel } from './support/lintel-rights.ts'
import { makeApplication, makeObject } from './support/objects.ts'
import { enterOwnNamespace } from './support/own-namespace.ts'
import { untilTrue } from './support/until.ts'

const skip = enterOwnNamespace()

/** The scenarios of the public Ingress conformance suite (kubernetes-sigs/ingress-controller-conformance), in its order. */
describe('Ingress conformance', { skip, timeout: 300_000 }, () => {
  let cluster: Cluster
  let lintel: Lintel
  before(async () => {
    cluster = await startCluster()
    await welcomeLintel(cluster.admin)
    lintel = await startLintel(['--kubeconfig', cluster.kubeconfig('lintel'), '--workers', '2'])
  })
  after(async () => {
    await lintel.stop()
    await cluster.stop()
  })

  interface Echo {
    readonly status: number
    /** The Deployment that answered. */
    readonly application: string
    readonly pod: string
    readonly host: string
    readonly method: string
    readonly path: string
  }

  async function send(method: string, url: string): Promise<Echo> {
    const { status, body } = await ask({ http: lintel.httpPort, https: lintel.httpsPort }, { method, url })
    if (status !== 200) return { status, application: '', pod: '', host: '', method: '', path: '' }
    const echo = JSON.parse(body) as Echo
    return { ...echo, status, application: echo.pod.replace(/(-[a-z\d]+){2}$/, '') }
  }

  /** One scenario: a namespace of its own with its applications, and an Ingress before them. */
  async function install(
    namespace: string,
    applications: readonly string[],
    spec: object,
    replicas = 1,
  ): Promise<void> {
    await cluster.admin.create(makeObject('Namespace', namespace, undefined, {}))
    for (const name of applications)
      for (const object of makeApplication(name, namespace, replicas)) await cluster.admin.create(object)
    await Promise.all(applications.map((name) => untilReady(cluster.admin, namespace, name, replicas)))
    await cluster.admin.create(
      makeObject('Ingress', namespace, namespace, { spec: { ingressClassName: 'lintel', ...spec } }),
    )
  }

  function served(url: string): Promise<void> {
    return untilTrue(url, async () => (await send('GET', url)).status === 200)
  }

  /** Each request, and the application that has to answer it; '' where the answer is 404. */
  async function assertAnswers(expected: readonly (readonly [url: string, application: string])[]): Promise<void> {
    for (const [url, application] of expected) {
      const answer = await send('GET', url)
      assert.deepEqual([answer.status, answer.application], [application === '' ? 404 : 200, application], url)
    }
  }

  async function makeSecret(namespace: string, name: string, host: string): Promise<string> {
    const { chain, key } = await makeTestCertificate(host, [host])
    const stringData = { 'tls.crt': chain, 'tls.key': key }
    await cluster.admin.create(makeObject('Secret', name, namespace, { type: 'kubernetes.io/tls', stringData }))
    return chain
  }

  test('host rules', async () => {
    await install('host-rules', ['wildcard-foo-com', 'foo-bar-com'], {
      tls: [{ hosts: ['foo.bar.com'], secretName: 'conformance-tls' }],
      rules: [
        rule('*.foo.com', [['Prefix', '/', 'wildcard-foo-com']]),
        rule('foo.bar.com', [['Prefix', '/', 'foo-bar-com']]),
      ],
    })
    const certificate = await makeSecret('host-rules', 'conformance-tls', 'foo.bar.com')
    await served('http://foo.bar.com/')
    await assertAnswers([
      ['https://foo.bar.com/', 'foo-bar-com'],
      ['http://subdomain.bar.com/', ''],
      ['http://bar.foo.com/', 'wildcard-foo-com'],
      ['http://baz.bar.foo.com/', ''],
      ['http://foo.com/', ''],
    ])
    assert.equal((await send('GET', 'http://bar.foo.com/')).host, 'bar.foo.com')
    await untilTrue('the certificate verifies', () => verifies('foo.bar.com', certificate))
  })

  test('path rules: exact', async () => {
    await install('path-exact', ['foo-exact'], { rules: [rule('exact-path-rules', [['Exact', '/foo', 'foo-exact']])] })
    await served('http://exact-path-rules/foo')
    await assertAnswers([
      ['http://exact-path-rules/foo', 'foo-exact'],
      ['http://exact-path-rules/foo/', ''],
      ['http://exact-path-rules/FOO', ''],
      ['http://exact-path-rules/bar', ''],
    ])
  })

  test('path rules: prefix', async () => {
    await install('path-prefix', ['foo-prefix', 'aaa-bbb', 'aaa', 'aaa-slash-bbb-slash'], {
      rules: [
        rule('prefix-path-rules', [
          ['Prefix', '/foo', 'foo-prefix'],
          ['Prefix', '/aaa/bbb', 'aaa-bbb'],
          ['Prefix', '/aaa', 'aaa'],
        ]),
        rule('trailing-slash-path-rules', [['Prefix', '/aaa/bbb/', 'aaa-slash-bbb-slash']]),
      ],
    })
    await served('http://prefix-path-rules/foo')
    await assertAnswers([
      ['http://prefix-path-rules/foo', 'foo-prefix'],
      ['http://prefix-path-rules/foo/', 'foo-prefix'],
      ['http://prefix-path-rules/FOO', ''],
      ['http://prefix-path-rules/foobar', ''],
      ['http://prefix-path-rules/aaa/bbb', 'aaa-bbb'],
      ['http://prefix-path-rules/aaa/bbb/ccc', 'aaa-bbb'],
      ['http://prefix-path-rules/aaa/bbbxyz', 'aaa'],
      ['http://prefix-path-rules/aaa/ccc', 'aaa'],
      ['http://prefix-path-rules/aaaccc', ''],
      ['http://trailing-slash-path-rules/aaa/bbb', 'aaa-slash-bbb-slash'],
      ['http://trailing-slash-path-rules/aaa/bbb/', 'aaa-slash-bbb-slash'],
    ])
  })

  test('path rules: exact before prefix', async () => {
    await install('path-mixed', ['foo-prefix', 'foo-exact'], {
      rules: [
        rule('mixed-path-rules', [
          ['Prefix', '/foo', 'foo-prefix'],
          ['Exact', '/foo', 'foo-exact'],
        ]),
      ],
    })
    await served('http://mixed-path-rules/foo')
    await assertAnswers([
      ['http://mixed-path-rules/foo', 'foo-exact'],
      ['http://mixed-path-rules/foo/', 'foo-prefix'],
    ])
  })

  test('load balancing: over TLS, each of ten pods gets its share', async () => {
    const replicas = 10
    await install(
      'load-balancing',
      ['echo'],
      {
        tls: [{ hosts: ['load-balancing'], secretName: 'conformance-tls' }],
        rules: [rule('load-balancing', [['Prefix', '/', 'echo']])],
      },
      replicas,
    )
    await makeSecret('load-balancing', 'conformance-tls', 'load-balancing')
    await served('https://load-balancing/')
    const pods = new Set<string>()
    for (let sent = 0; sent < 100; sent++) pods.add((await send('GET', 'https://load-balancing/')).pod)
    assert.equal(pods.size, replicas)
  })

  test('ingress class: another one is not served', async () => {
    await install('ingress-class', ['echo'], {
      ingressClassName: 'some-invalid-class-name',
      rules: [rule('other-class', [['Prefix', '/', 'echo']])],
    })
    await cluster.admin.create(
      makeObject('Ingress', 'ours', 'ingress-class', {
        spec: { ingressClassName: 'lintel', rules: [rule('our-class', [['Prefix', '/', 'echo']])] },
      }),
    )
    await served('http://our-class/')
    await assertAnswers([['http://other-class/', '']])
  })

  test('default backend: takes what no rule takes, by any method', async () => {
    await install('default-backend', ['echo'], { defaultBackend: backend('echo') })
    await served('http://anything.test/')
    for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
      const { status, host, path, ...echo } = await send(method, `http://default-backend-${method}.test/test-path?a=b`)
      assert.deepEqual(
        { status, host, path, method: echo.method },
        { status: 200, host: `default-backend-${method}.test`, path: '/test-path?a=b', method },
      )
    }
  })

  /** Whether the handshake succeeds with this certificate as the only one that is trusted. */
  function verifies(servername: string, certificate: string): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect({ port: lintel.httpsPort, host: '127.0.0.1', servername, ca: certificate }, () => {
        socket.destroy()
        resolve(true)
      })
      socket.on('error', () => resolve(false))
    })
  }
})

function backend(name: string): object {
  return { service: { name, port: { number: 80 } } }
}

function rule(
  host: string | undefined,
  paths: readonly (readonly [pathType: string, path: string, name: string])[],
): object {
  const http = { paths: paths.map(([pathType, path, name]) => ({ pathType, path, backend: backend(name) })) }
  return { ...(host !== undefined && { host }), http }
}
