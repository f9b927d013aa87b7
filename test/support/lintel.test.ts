import assert from 'node:assert/strict'
import { test } from 'node:test'

import { startFakeCluster } from './fake-cluster.ts'
import { startLintel } from './lintel.ts'

test('startLintel() ends what does not become ready', { timeout: 60_000 }, async (t) => {
  const { api, kubeconfig, close } = await startFakeCluster()
  t.after(close)
  api.script = () => true
  const starting = startLintel(['--workers', '1', '--kubeconfig', kubeconfig], undefined, { readyWithin: 1 })
  await assert.rejects(starting, /lintel was not ready after 1 ms/)
})
