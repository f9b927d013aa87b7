import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { connect } from 'node:tls'

import { makeTestCertificate } from '../support/certificates.ts'
import { ask } from '../support/http-client.ts'
import { startLintel } from '../support/lintel.ts'
import type { Lintel } from '../support/lintel.ts'
import { printSecret } from '../support/manifests.ts'

const host = 'web.test'
const challenge = '/.well-known/acme-challenge/Xq-_4Zt1'

function ingress(name: string, path: string, more: string): string {
  return `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: ${name} }
spec:
  ingressClassName: nginx
  ${more}
  rules: [{ host: ${host}, http: { paths: [{ path: ${path}, pathType: ImplementationSpecific, backend: { service: { name: ${name}, port: { number: 80 } } } }] } }]
`
}

test('a certificate is issued: the challenge is answered, then the Secret comes, then the solver goes', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'lintel-cert-manager-'))
  t.after(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'web.yaml'), ingress('web', '/', `tls: [{ hosts: [${host}], secretName: web-tls }]`))
  writeFileSync(join(folder, 'solver.yaml'), ingress('solver', challenge, ''))
  const lintel = await startLintel(['--workers', '1', '--echo', folder])
  t.after(() => lintel.stop())
  assert.notEqual(await shownBy(lintel), 'issued')
  assert.equal(await challengeStatus(lintel), 200)

  const certificate = await makeTestCertificate('issued', [host])
  await after(lintel, () => writeFileSync(join(folder, 'secret.yaml'), printSecret('web-tls', certificate)))
  assert.equal(await shownBy(lintel), 'issued')
  assert.equal(await challengeStatus(lintel), 200)

  await after(lintel, () => rmSync(join(folder, 'solver.yaml')))
  assert.equal(await challengeStatus(lintel), 308)
})

async function challengeStatus({ httpPort, httpsPort }: Lintel): Promise<number> {
  const url = `http://${host}${challenge}`
  return (await ask({ http: httpPort, https: httpsPort }, { method: 'GET', url })).status
}

/** The subject of the certificate that is shown for the host. */
async function shownBy({ httpsPort }: Lintel): Promise<unknown> {
  const socket = connect({ host: '127.0.0.1', port: httpsPort, servername: host, rejectUnauthorized: false })
  await once(socket, 'secureConnect')
  const { subject } = socket.getPeerCertificate()
  socket.destroy()
  return subject.CN
}

/** Resolves when a table is served that came after the change. */
async function after(lintel: Lintel, change: () => void): Promise<void> {
  const tables = (): number => lintel.lines.filter(({ event }) => event === 'table').length
  const before = tables()
  change()
  await lintel.line(() => tables() > before)
}
