import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { connect } from 'node:tls'

import { makeTestCertificate } from '../../support/certificates.ts'
import { ask } from '../../support/http-client.ts'
import type { Lintel } from '../../support/lintel.ts'
import type { Cluster } from '../support/cluster.ts'
import { untilReady } from '../support/endpoints.ts'
import { makeApplication, makeObject } from '../support/objects.ts'
import { claim, startReplica } from '../support/replica.ts'
import { placeOf } from '../support/resources.ts'
import { entriesOf } from '../support/statuses.ts'

const ingressClass = 'conformance'
const exposedAt = '127.0.0.1'

/** The scenarios of the public Ingress conformance suite (kubernetes-sigs/ingress-controller-conformance), in its order. */
export function conformance(cluster: Cluster): void {
  let lintel: Lintel
  before(async () => {
    await claim(cluster, ingressClass)
    const flags = ['--workers', '2', '--drain-delay', '0s', '--publish-status-address', exposedAt]
    lintel = await startReplica(cluster, ingressClass, flags)
  })
  after(() => lintel.stop())

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

  /** A namespace of its own with its applications, and a certificate for a host. */
  async function prepare(
    namespace: string,
    applications: readonly string[],
    { replicas = 1, tlsHost }: { readonly replicas?: number; readonly tlsHost?: string } = {},
  ): Promise<string> {
    await cluster.admin.create(makeObject('Namespace', namespace, undefined, {}))
    for (const name of applications)
      for (const object of makeApplication(name, namespace, replicas)) await cluster.admin.create(object)
    await Promise.all(applications.map((name) => untilReady(cluster.admin, namespace, name, replicas)))
    return tlsHost === undefined ? '' : makeSecret(namespace, tlsHost)
  }

  async function makeSecret(namespace: string, host: string): Promise<string> {
    const { chain, key } = await makeTestCertificate(host, [host])
    const stringData = { 'tls.crt': chain, 'tls.key': key }
    await cluster.admin.create(
      makeObject('Secret', 'conformance-tls', namespace, { type: 'kubernetes.io/tls', stringData }),
    )
    return chain
  }

  /**
   * Creates the Ingress of a scenario. "The Ingress status shows the IP address or FQDN where it is exposed" is a step of
   * each of them, and from then on the suite sends each request once.
   */
  async function expose(namespace: string, spec: object): Promise<void> {
    const ingress = makeObject('Ingress', namespace, namespace, { spec: { ingressClassName: ingressClass, ...spec } })
    await cluster.admin.create(ingress)
    await cluster.admin.until(placeOf(ingress), ([found]) => entriesOf(found) === exposedAt)
  }

  /** Each request, and the application that has to answer it; '' where the answer is 404. */
  async function assertAnswers(expected: readonly (readonly [url: string, application: string])[]): Promise<void> {
    for (const [url, application] of expected) {
      const answer = await send('GET', url)
      assert.deepEqual([answer.status, answer.application], [application === '' ? 404 : 200, application], url)
    }
  }

  test('host rules', async () => {
    const certificate = await prepare('host-rules', ['wildcard-foo-com', 'foo-bar-com'], { tlsHost: 'foo.bar.com' })
    await expose('host-rules', {
      tls: [{ hosts: ['foo.bar.com'], secretName: 'conformance-tls' }],
      rules: [
        rule('*.foo.com', [['Prefix', '/', 'wildcard-foo-com']]),
        rule('foo.bar.com', [['Prefix', '/', 'foo-bar-com']]),
      ],
    })
    await assertAnswers([
      ['https://foo.bar.com/', 'foo-bar-com'],
      ['http://subdomain.bar.com/', ''],
      ['http://bar.foo.com/', 'wildcard-foo-com'],
      ['http://baz.bar.foo.com/', ''],
      ['http://foo.com/', ''],
    ])
    assert.equal((await send('GET', 'http://bar.foo.com/')).host, 'bar.foo.com')
    assert.ok(await verifies('foo.bar.com', certificate))
  })

  test('path rules: exact', async () => {
    await prepare('path-exact', ['foo-exact'])
    await expose('path-exact', { rules: [rule('exact-path-rules', [['Exact', '/foo', 'foo-exact']])] })
    await assertAnswers([
      ['http://exact-path-rules/foo', 'foo-exact'],
      ['http://exact-path-rules/foo/', ''],
      ['http://exact-path-rules/FOO', ''],
      ['http://exact-path-rules/bar', ''],
    ])
  })

  test('path rules: prefix', async () => {
    await prepare('path-prefix', ['foo-prefix', 'aaa-bbb', 'aaa', 'aaa-slash-bbb-slash'])
    await expose('path-prefix', {
      rules: [
        rule('prefix-path-rules', [
          ['Prefix', '/foo', 'foo-prefix'],
          ['Prefix', '/aaa/bbb', 'aaa-bbb'],
          ['Prefix', '/aaa', 'aaa'],
        ]),
        rule('trailing-slash-path-rules', [['Prefix', '/aaa/bbb/', 'aaa-slash-bbb-slash']]),
      ],
    })
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
    await prepare('path-mixed', ['foo-prefix', 'foo-exact'])
    await expose('path-mixed', {
      rules: [
        rule('mixed-path-rules', [
          ['Prefix', '/foo', 'foo-prefix'],
          ['Exact', '/foo', 'foo-exact'],
        ]),
      ],
    })
    await assertAnswers([
      ['http://mixed-path-rules/foo', 'foo-exact'],
      ['http://mixed-path-rules/foo/', 'foo-prefix'],
    ])
  })

  test('load balancing: over TLS, each of ten pods gets its share', async () => {
    const replicas = 10
    await prepare('load-balancing', ['echo'], { replicas, tlsHost: 'load-balancing' })
    await expose('load-balancing', {
      tls: [{ hosts: ['load-balancing'], secretName: 'conformance-tls' }],
      rules: [rule('load-balancing', [['Prefix', '/', 'echo']])],
    })
    const pods = new Set<string>()
    for (let sent = 0; sent < 100; sent++) pods.add((await send('GET', 'https://load-balancing/')).pod)
    assert.equal(pods.size, replicas)
  })

  test('ingress class: another one is not served, and its status shows no address', async () => {
    await prepare('other-class', ['echo'])
    const rules = [rule('other-class', [['Prefix', '/', 'echo']])]
    const ingress = makeObject('Ingress', 'other', 'other-class', {
      spec: { ingressClassName: 'some-invalid-class-name', rules },
    })
    await cluster.admin.create(ingress)
    await expose('other-class', { rules: [rule('our-class', [['Prefix', '/', 'echo']])] })
    await assertAnswers([
      ['http://our-class/', 'echo'],
      ['http://other-class/', ''],
    ])
    assert.equal(entriesOf(await cluster.admin.get(placeOf(ingress))), '')
  })

  test('default backend: takes what no rule takes, by any method', async () => {
    await prepare('default-backend', ['echo'])
    await expose('default-backend', { defaultBackend: backend('echo') })
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
}

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
