import assert from 'node:assert/strict'
import { test } from 'node:test'

import { KubeError } from './kube/index.ts'
import { reportRefusals } from './report-refusals.ts'

test('each kind of refusal is told once for each object, of ten at most; an outage is not told here', () => {
  const told: string[] = []
  const report = reportRefusals((message) => void told.push(message))
  const refusal = new KubeError(422, 'Invalid', 'no such address')
  for (const about of ['shop/web', 'shop/api', 'shop/web']) report('statuses', refusal, about)
  for (let times = 0; times < 2; times++) report('leader election', new KubeError(403, 'Forbidden', 'no right'))
  report('statuses', new KubeError(503, 'ServiceUnavailable', 'away'), 'shop/web')
  assert.deepEqual(told, [
    'statuses: shop/web: no such address',
    'statuses: shop/api: no such address',
    'leader election: no right',
  ])
  for (let at = 0; at < 20; at++) report('statuses', refusal, `shop/${at}`)
  assert.equal(told.length, 11)
  assert.equal(told.at(-1), 'statuses: shop/7: no such address; of further objects this is not told')
})
