import assert from 'node:assert/strict'
import { test } from 'node:test'

import { startLoadUpstream } from './load-upstream.ts'
import { failures, startLoad } from './load.ts'

test('the ledger counts one reset and one wrong body as two failures', async (t) => {
  const upstream = await startLoadUpstream({
    before: (request, response) => {
      if (request.url === '/load/7') return request.socket.resetAndDestroy() === request.socket
      if (request.url !== '/load/11') return false
      response.end('not the body that belongs here')
      return true
    },
  })
  t.after(() => upstream.close())
  const load = startLoad({ port: upstream.port, host: 'load.test', rate: 500 })
  await load.answered(50)
  const ledger = await load.stop()
  const failed = failures(ledger).map(({ path, outcome }) => `${path} ${outcome}`)
  assert.deepEqual(failed.toSorted(), ['/load/11 body', '/load/7 reset'])
  assert.equal(upstream.deliveries.get('GET /load/7'), 1)
  assert.equal(new Set(ledger.map(({ path }) => path)).size, ledger.length)
})

test('a refused connection is a failure too, and told from others', async () => {
  const upstream = await startLoadUpstream()
  await upstream.close()
  const load = startLoad({ port: upstream.port, host: 'load.test', rate: 500 })
  await load.answered(10)
  const ledger = await load.stop()
  assert.equal(failures(ledger).length, ledger.length)
  assert.ok(ledger.every(({ outcome }) => outcome === 'refused'))
})
