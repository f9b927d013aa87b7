import assert from 'node:assert/strict'
import { once } from 'node:events'
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
import type { KubeObject, Place } from '../support/resources.ts'
import { untilTrue } from '../support/until.ts'

const namespace = 'cert-manager-shapes'
const host = 'issued.test'
const challenge = '/.well-known/acme-challenge/Xq-_4Zt1'
const inPlace = '/.well-known/acme-challenge/Qe9'
const solverLabels = {
  'acme.cert-manager.io/http-domain': '1102365432',
  'acme.cert-manager.io/http-token': '878126213',
  'acme.cert-manager.io/http01-solver': 'true',
}

/** The objects of an HTTP-01 challenge, in the shapes and the order in which cert-manager makes them. */
export function certManager(cluster: Cluster): void {
  let lintel: Lintel
  before(async () => {
    await claim(cluster, namespace, 'k8s.io/ingress-nginx')
    for (const object of makeApplication('web', namespace)) await cluster.admin.create(object)
    await untilReady(cluster.admin, namespace, 'web', 1)
    lintel = await startReplica(cluster, namespace, ['--workers', '1', '--drain-delay', '0s'])
  })
  after(() => lintel.stop())

  const status = async (url: string): Promise<number> => {
    const ports = { http: lintel.httpPort, https: lintel.httpsPort }
    return (await ask(ports, { method: 'GET', url })).status
  }
  const answers = (url: string, wanted: number): Promise<void> =>
    untilTrue(`${url} ${wanted}`, async () => (await status(url)) === wanted)
  const shows = (subject: string): Promise<void> =>
    untilTrue(`a certificate of ${subject}`, async () => (await shownBy(lintel)) === subject)

  test('a host whose Secret is not there yet is sent to HTTPS, and has the default certificate there', async () => {
    await cluster.admin.create(ingressFor('web', [pathTo('/', 'Prefix', 'web', 80)]))
    await answers(`http://${host}/`, 308)
    assert.equal(await status(`https://${host}/`), 200)
    assert.notEqual(await shownBy(lintel), 'issued')
  })

  test('the challenge is answered over plain HTTP, by the solver', async () => {
    await cluster.admin.create(solverPod)
    await cluster.admin.create(solverService)
    await cluster.admin.create(solverIngress)
    await answers(`http://${host}${challenge}`, 200)
    assert.equal(await status(`http://${host}/`), 308)
    assert.equal(await status(`http://${host}${challenge}-unknown`), 308)
  })

  test('the Secret comes late, and the certificate is shown', async () => {
    await cluster.admin.create(await secretOf('issued'))
    await shows('issued')
    assert.equal(await status(`http://${host}${challenge}`), 200)
  })

  test('the solver goes, and the challenge is sent to HTTPS like everything else', async () => {
    for (const object of [solverIngress, solverService, solverPod]) await cluster.admin.remove(placeOf(object))
    await answers(`http://${host}${challenge}`, 308)
    assert.equal(await status(`https://${host}/`), 200)
  })

  test('edited in place, the Ingress has the path of the solver for a while', async () => {
    const { spec } = ingressFor('web', [pathTo('/', 'Prefix', 'web', 80), pathTo(inPlace, 'Exact', 'web', 80)])
    await cluster.admin.patch(ofWeb, {
      metadata: { annotations: { 'acme.cert-manager.io/http01-edit-in-place': 'true' } },
    })
    await cluster.admin.patch(ofWeb, { spec })
    await answers(`http://${host}${inPlace}`, 200)
    assert.equal(await status(`http://${host}/`), 308)
    await cluster.admin.patch(ofWeb, { spec: ingressFor('web', [pathTo('/', 'Prefix', 'web', 80)])['spec'] })
    await answers(`http://${host}${inPlace}`, 308)
  })

  test('renewed, the certificate is shown without a change of the Ingress', async () => {
    const { stringData } = await secretOf('renewed')
    await cluster.admin.patch({ kind: 'Secret', namespace, name: 'web-tls' }, { stringData })
    await shows('renewed')
  })
}

const ofWeb: Place = { kind: 'Ingress', namespace, name: 'web' }

function ingressFor(name: string, paths: readonly object[]): KubeObject {
  return makeObject('Ingress', name, namespace, {
    spec: {
      ingressClassName: namespace,
      tls: [{ hosts: [host], secretName: 'web-tls' }],
      rules: [{ host, http: { paths } }],
    },
  })
}

function pathTo(path: string, pathType: string, name: string, port: number): object {
  return { path, pathType, backend: { service: { name, port: { number: port } } } }
}

async function secretOf(subject: string): Promise<KubeObject> {
  const { chain, key } = await makeTestCertificate(subject, [host])
  const stringData = { 'tls.crt': chain, 'tls.key': key }
  return makeObject('Secret', 'web-tls', namespace, { type: 'kubernetes.io/tls', stringData })
}

/** An object of the solver. cert-manager gives `generateName`, and the API server makes the rest of the name. */
function ofSolver(
  kind: string,
  suffix: string,
  annotations: Readonly<Record<string, string>>,
  spec: object,
): KubeObject {
  const object = makeObject(kind, `cm-acme-http-solver-${suffix}`, namespace, { spec })
  const generateName = 'cm-acme-http-solver-'
  return { ...object, metadata: { ...object.metadata, generateName, labels: solverLabels, annotations } }
}

const solverPod = ofSolver(
  'Pod',
  'qb4xz',
  { 'sidecar.istio.io/inject': 'false' },
  { containers: [{ name: 'acmesolver', image: 'echo', ports: [{ name: 'http', containerPort: 8089 }] }] },
)
const solverService = ofSolver(
  'Service',
  '8d2vq',
  { 'auth.istio.io/8089': 'NONE' },
  { type: 'NodePort', selector: solverLabels, ports: [{ name: 'http', port: 8089, targetPort: 8089 }] },
)
const solverIngress = ofSolver(
  'Ingress',
  'x7k2p',
  { 'nginx.ingress.kubernetes.io/whitelist-source-range': '0.0.0.0/0,::/0' },
  {
    ingressClassName: namespace,
    rules: [
      {
        host,
        http: { paths: [pathTo(challenge, 'ImplementationSpecific', solverService.metadata.name, 8089)] },
      },
    ],
  },
)

/** The subject of the certificate that is shown for the host. */
async function shownBy({ httpsPort }: Lintel): Promise<unknown> {
  const socket = connect({ host: '127.0.0.1', port: httpsPort, servername: host, rejectUnauthorized: false })
  await once(socket, 'secureConnect')
  const { subject } = socket.getPeerCertificate()
  socket.destroy()
  return subject.CN
}
