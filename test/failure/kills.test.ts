import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'

import { ask } from '../support/http-client.ts'
import { startLintel } from '../support/lintel.ts'
import type { Lintel } from '../support/lintel.ts'
import { startLoadUpstream } from '../support/load-upstream.ts'
import { failures, startLoad } from '../support/load.ts'
import type { Load } from '../support/load.ts'
import { makeManifestFolder, printIngress } from '../support/manifests.ts'
import type { ManifestFolder } from '../support/manifests.ts'

const onLinux = { skip: process.platform !== 'linux' && 'finds processes by /proc', timeout: 120_000 }

interface Scene {
  readonly lintel: Lintel
  readonly folder: ManifestFolder
  readonly load: Load
}

async function underLoad(t: TestContext, options: { readonly delay?: number; readonly rate: number }): Promise<Scene> {
  const upstream = await startLoadUpstream(options)
  t.after(() => upstream.close())
  const folder = makeManifestFolder()
  t.after(() => folder.remove())
  folder.write('load.yaml', printIngress('load', [{ host: 'load.test', service: 'load-svc' }]))
  const lintel = await startLintel([
    '--workers',
    '2',
    '--backend',
    `load-svc:80=127.0.0.1:${upstream.port}`,
    folder.path,
  ])
  t.after(() => lintel.stop('SIGKILL'))
  const load = startLoad({ port: lintel.httpPort, host: 'load.test', rate: options.rate })
  t.after(() => load.stop())
  await load.answered(20)
  return { lintel, folder, load }
}

/** Resolves once the title has `count` processes, none of them among `gone`. Each look is one turn of real work. */
async function replaced(lintel: Lintel, title: string, gone: number, load: Load): Promise<void> {
  while (lintel.pids(title).every((pid) => pid === gone)) await load.answered(1)
}

test('20 kills of a worker fail at most the requests on its own connections', onLinux, async (t) => {
  const { lintel, load } = await underLoad(t, { rate: 100, delay: 5 })
  let held = 0
  for (let kill = 0; kill < 20; kill++) {
    const title = `lintel: worker ${(kill % 2) + 1}`
    const [pid = 0] = lintel.pids(title)
    held += load.connections()
    process.kill(pid, 'SIGKILL')
    await replaced(lintel, title, pid, load)
    await load.answered(30)
  }
  const ledger = await load.stop()
  const failed = failures(ledger)
  assert.deepEqual(
    [...new Set(failed.map(({ outcome }) => outcome))].filter((outcome) => outcome !== 'reset'),
    [],
  )
  assert.ok(
    failed.length <= held,
    `${failed.length} of ${ledger.length} requests failed, ${held} connections were open at a kill`,
  )
  t.diagnostic(
    `20 kills: ${failed.length} of ${ledger.length} requests failed, ${held} connections were open at a kill`,
  )
})

test('SIGKILL of control costs no request, and the next edit is live', onLinux, async (t) => {
  const { lintel, folder, load } = await underLoad(t, { rate: 200 })
  const [pid = 0] = lintel.pids('lintel: control')
  process.kill(pid, 'SIGKILL')
  const killed = performance.now()
  folder.write('next.yaml', printIngress('next', [{ host: 'next.test', service: 'load-svc' }]))
  const ports = { http: lintel.httpPort, https: lintel.httpsPort }
  while ((await ask(ports, { method: 'GET', url: 'http://next.test/x' })).status !== 200) await load.answered(1)
  t.diagnostic(`the edit was live ${Math.round(performance.now() - killed)} ms after the kill`)
  await load.answered(50)
  assert.deepEqual(failures(await load.stop()), [])
})

test('SIGTERM under load finishes what was begun, and exits 0', { timeout: 120_000 }, async (t) => {
  const { lintel, load } = await underLoad(t, { rate: 100, delay: 2_000 })
  const exit = lintel.stop('SIGTERM')
  await load.answered(300)
  const ledger = await load.stop()
  assert.deepEqual(failures(ledger), [])
  assert.ok(ledger.some(({ outcome }) => outcome === 'refused'))
  assert.equal(await exit, 0)
})
