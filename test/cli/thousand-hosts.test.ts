import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'

import { ask } from '../support/http-client.ts'
import { startLintel } from '../support/lintel.ts'
import { makeManifestFolder, printIngress } from '../support/manifests.ts'
import { runLintel } from '../support/run-cli.ts'

const hosts = 1_000
const paths = ['/', '/api', '/admin']

function printThousand(): string {
  const ingresses = Array.from({ length: hosts }, (_, at) =>
    printIngress(
      `site-${at}`,
      paths.map((path, index) => ({ host: `site-${at}.test`, path, service: `svc-${at}-${index}` })),
    ),
  )
  return ingresses.join('\n---\n')
}

/** The figures wanted are 2 s and 3 s; they are printed, and a deadline ten times as long ends a hang. */
describe('a file of 1,000 hosts with three paths each', () => {
  test('is checked', { timeout: 20_000 }, async (t) => {
    const begun = performance.now()
    const { output } = await runLintel(['check', '-'], printThousand())
    t.diagnostic(`check took ${Math.round(performance.now() - begun)} ms`)
    assert.match(output, /^1000 objects: 1000 accepted, 0 refused; 3000 errors, /m)
  })

  test('is served', { timeout: 30_000 }, async (t) => {
    const folder = makeManifestFolder()
    t.after(() => folder.remove())
    folder.write('all.yaml', printThousand())
    const begun = performance.now()
    const lintel = await startLintel([join(folder.path, 'all.yaml')])
    t.after(() => lintel.stop())
    t.diagnostic(`serve was ready after ${Math.round(performance.now() - begun)} ms`)
    const ports = { http: lintel.httpPort, https: lintel.httpsPort }
    const { body } = await ask(ports, { method: 'GET', url: 'http://site-999.test/admin' })
    assert.match(body, /^503 ServiceNotFound /)
  })
})
