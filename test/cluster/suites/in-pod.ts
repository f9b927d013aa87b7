import assert from 'node:assert/strict'
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'

import { ask } from '../../support/http-client.ts'
import { startLintel } from '../../support/lintel.ts'
import type { Lintel } from '../../support/lintel.ts'
import { runLintel } from '../../support/run-cli.ts'
import { AuditLog } from '../support/audit.ts'
import { apiServerPort } from '../support/cluster.ts'
import type { Cluster } from '../support/cluster.ts'
import { welcomeAccounts } from '../support/lintel-rights.ts'
import { makeObject } from '../support/objects.ts'
import { namespaceFolder } from '../support/own-namespace.ts'
import { claim } from '../support/replica.ts'
import { makeRoute } from '../support/routes.ts'
import { untilTrue } from '../support/until.ts'

const namespace = 'in-pod'
const [first, second] = ['first', 'second']
const lease = `lintel-${namespace}`
/** Where a kubelet puts what a pod knows of its account. */
const mounted = '/var/run/secrets/kubernetes.io/serviceaccount'
const environment = { KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: String(apiServerPort) }

/** Lintel as a pod has it: no kubeconfig, but the files and variables of its account. The API server has to write down what it asks. */
export function inPod(cluster: Cluster): void {
  let lintel: Lintel
  let log: AuditLog
  before(async () => {
    await claim(cluster, namespace)
    for (const name of [first, second]) await cluster.admin.create(makeObject('ServiceAccount', name, namespace, {}))
    await welcomeAccounts(cluster.admin, namespace, [first, second])
    log = new AuditLog(namespaceFolder())
    mkdirSync(mounted, { recursive: true })
    await mountAccount(first)
    lintel = await startLintel(
      ['--kubernetes', '--only-class', namespace, '--election-id', lease, '--workers', '1', '--healthz-port', '10254'],
      undefined,
      { environment },
    )
  })
  after(async () => {
    log.close()
    await lintel.stop('SIGINT')
  })

  async function mountAccount(name: string): Promise<void> {
    put('ca.crt', cluster.authority)
    put('namespace', namespace)
    put('token', await cluster.admin.tokenOf(namespace, name))
  }

  /** Whether the account has been heard of, leading. */
  function leads(name: string): boolean {
    const requests = log.of(`system:serviceaccount:${namespace}:${name}`)
    return requests.some(({ verb, resource, allowed }) => verb === 'update' && resource === 'leases' && allowed)
  }

  test('it is its account, and has its Lease in the namespace of the pod', async () => {
    await cluster.admin.until({ kind: 'Lease', namespace }, (found) =>
      found.some(({ metadata }) => metadata.name === lease),
    )
    await untilTrue('the account of the pod leads', () => Promise.resolve(leads(first)))
  })

  test('explain in the pod is answered from the table that is served', async () => {
    await cluster.admin.create(makeRoute('shop', namespace, 'shop.test'))
    const ports = { http: lintel.httpPort, https: lintel.httpsPort }
    const served = async (): Promise<boolean> =>
      (await ask(ports, { method: 'GET', url: 'http://shop.test/' })).status === 503
    await untilTrue('the Ingress is served', served)
    const { code, output, errors } = await runLintel(['explain', '-o', 'json', 'http://shop.test/'], '', environment)
    assert.equal(code, 0, errors)
    const { reason, ingress } = JSON.parse(output) as Record<string, unknown>
    assert.deepEqual({ reason, ingress }, { reason: 'ServiceNotFound', ingress: { namespace, name: 'shop' } })
  })

  test('a token that was exchanged is used as soon as the old one is refused', async () => {
    assert.equal(leads(second), false)
    await mountAccount(second)
    await cluster.admin.remove({ kind: 'ServiceAccount', namespace, name: first })
    await untilTrue('the other account leads', () => Promise.resolve(leads(second)))
    assert.equal(
      (await ask({ http: lintel.adminPort, https: 0 }, { method: 'GET', url: 'http://pod/readyz' })).status,
      200,
    )
  })
}

/** As a kubelet does: never half written. */
function put(name: string, text: string): void {
  const path = join(mounted, name)
  writeFileSync(`${path}.new`, text)
  renameSync(`${path}.new`, path)
}
