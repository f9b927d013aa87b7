import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { connect } from 'node:tls'
import type { ConnectionOptions, TLSSocket } from 'node:tls'

import { makeTestCertificate } from '../support/certificates.ts'
import { startLintel } from '../support/lintel.ts'
import type { Lintel } from '../support/lintel.ts'
import { makeManifestFolder, printIngress, printSecret } from '../support/manifests.ts'
import { clientPortsOf, factsOf } from '../support/process-facts.ts'
import { RawClient } from '../support/raw-client.ts'

const mebibyte = 1024 * 1024
const many = 3_000
const onLinux = { skip: process.platform !== 'linux' && 'looks into processes by /proc', timeout: 300_000 }

async function handshake(t: TestContext, { httpsPort }: Lintel, options: ConnectionOptions): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', port: httpsPort, rejectUnauthorized: false, ...options })
  t.after(() => socket.destroy())
  await once(socket, 'secureConnect')
  return socket
}

const shown = (socket: TLSSocket): unknown => socket.getPeerCertificate().subject.CN

test(`${many} certificates: each host is shown its own, and what is not known the default`, onLinux, async (t) => {
  const folder = makeManifestFolder()
  t.after(() => folder.remove())
  const hosts = Array.from({ length: many }, (_, at) => `h${at}.test`)
  const secrets: string[] = []
  for (const [at, host] of hosts.entries()) secrets.push(printSecret(`s${at}`, await makeTestCertificate(host, [host])))
  folder.write('secrets.yaml', secrets.join('\n---\n'))
  const rules = hosts.map((host) => ({ host, service: 'site' }))
  const tls = hosts.map((host, at) => ({ hosts: [host], secretName: `s${at}` }))
  folder.write('site.yaml', printIngress('site', rules, { tls }))
  const begun = performance.now()
  const lintel = await startLintel(['--workers', '1', '--echo', folder.path])
  t.after(() => lintel.stop('SIGKILL'))
  t.diagnostic(`ready with ${many} certificates after ${Math.round(performance.now() - begun)} ms`)
  for (let at = 0; at < many; at += 97) {
    const socket = await handshake(t, lintel, { servername: `h${at}.test` })
    assert.equal(shown(socket), `h${at}.test`)
    socket.destroy()
  }
  const unknown = await handshake(t, lintel, { servername: 'unknown.test' })
  assert.match(String(unknown.getPeerCertificate().subjectaltname), /^DNS:/)
  assert.doesNotMatch(JSON.stringify(unknown.getPeerCertificate()), /h\d+\.test/)
  const [worker = 0] = lintel.pids('lintel: worker 1')
  t.diagnostic(`the worker has ${Math.round(factsOf(worker).resident / mebibyte)} MiB`)
})

for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
  test(`${maxVersion}: a session of one worker is resumed by the other`, onLinux, async (t) => {
    const certificate = await makeTestCertificate('a.test', ['a.test'])
    const site = printIngress('a', [{ host: 'a.test', service: 'a' }], {
      tls: [{ hosts: ['a.test'], secretName: 'a' }],
    })
    const lintel = await startLintel(
      ['--workers', '2', '--echo', '-'],
      `${site}\n---\n${printSecret('a', certificate)}`,
    )
    t.after(() => lintel.stop('SIGKILL'))
    const workers = [1, 2].flatMap((id) => lintel.pids(`lintel: worker ${id}`))
    const holder = ({ localPort = 0 }: TLSSocket): number | undefined =>
      workers.find((pid) => clientPortsOf(pid, lintel.httpsPort).has(localPort))
    const options = { servername: 'a.test', maxVersion }
    const first = await handshake(t, lintel, options)
    const session = new Promise<Buffer>((resolve) => first.once('session', resolve))
    const client = new RawClient(first)
    client.send('GET / HTTP/1.1\r\nHost: a.test\r\n\r\n')
    await client.until('200 OK')
    const ticket = maxVersion === 'TLSv1.2' ? (first.getSession() ?? (await session)) : await session
    for (;;) {
      const socket = await handshake(t, lintel, { ...options, session: ticket })
      assert.equal(socket.isSessionReused(), true)
      if (holder(socket) !== holder(first)) break
    }
  })
}
