import assert from 'node:assert/strict'
import { test } from 'node:test'

import { ask } from '../support/http-client.ts'
import { startLintel } from '../support/lintel.ts'
import { startLoadUpstream } from '../support/load-upstream.ts'
import { failures, startLoad } from '../support/load.ts'
import { makeManifestFolder, printIngress } from '../support/manifests.ts'

test('100 edits of the manifests under load lose no request, and each is live', { timeout: 120_000 }, async (t) => {
  const upstream = await startLoadUpstream()
  const folder = makeManifestFolder()
  t.after(() => upstream.close())
  t.after(() => folder.remove())
  folder.write('shop.yaml', printIngress('shop', [{ host: 'load.test', service: 'load-svc' }]))
  const lintel = await startLintel([
    '--workers',
    '2',
    '--backend',
    `load-svc:80=127.0.0.1:${upstream.port}`,
    folder.path,
  ])
  t.after(() => lintel.stop())
  const load = startLoad({ port: lintel.httpPort, host: 'load.test', rate: 200 })
  t.after(() => load.stop())
  await load.answered(20)
  for (let edit = 1; edit <= 100; edit++) {
    const version = lintel.lines.filter(({ event }) => event === 'table').length
    folder.write(
      'shop.yaml',
      printIngress('shop', [
        { host: 'load.test', service: 'load-svc' },
        { host: `edit-${edit}.test`, service: 'load-svc' },
      ]),
    )
    await lintel.line(
      (line) => line['event'] === 'table' && lintel.lines.filter(({ event }) => event === 'table').length > version,
    )
  }
  const ports = { http: lintel.httpPort, https: lintel.httpsPort }
  assert.equal((await ask(ports, { method: 'GET', url: 'http://edit-100.test/x' })).status, 200)
  assert.equal((await ask(ports, { method: 'GET', url: 'http://edit-99.test/x' })).status, 404)
  await load.answered(20)
  const ledger = await load.stop()
  assert.deepEqual(failures(ledger), [])
  assert.ok(ledger.length > 100)
})
