import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { StatusWrite } from './plan-statuses.ts'
import { WriteLedger } from './write-ledger.ts'

function planned(index: number): StatusWrite {
  return {
    ref: { kind: 'Ingress', namespace: 'shop', name: `${index}` },
    uid: `${index}`,
    revision: '1',
    entries: [],
    own: '',
  }
}

test('next() is the earliest write that is not due yet, of however many', () => {
  const ledger = new WriteLedger()
  const plan = Array.from({ length: 200_000 }, (_, index) => planned(index))
  assert.equal(ledger.next(plan, 0), undefined)
  for (const [index, write] of plan.entries()) ledger.refused(write, 1_000 + ((index + 7) % plan.length))
  assert.equal(ledger.next(plan, 400), 600)
  assert.deepEqual(ledger.due(plan, 999), [])
  assert.deepEqual(ledger.due(plan, 1_000), [plan.at(-7)])
})
