import assert from 'node:assert/strict'
import { test } from 'node:test'

import { fieldManagerOf } from './field-manager.ts'

test('the name of a writer is that of its Lease, and no longer than the API server takes', () => {
  assert.equal(fieldManagerOf({ namespace: 'lintel', name: 'lintel-leader' }), 'lintel/lintel-leader')
  const namespace = 'n'.repeat(63)
  const names = ['a', 'b'].map((end) => fieldManagerOf({ namespace, name: 'l'.repeat(252) + end }))
  assert.deepEqual(
    names.map((name) => name.length),
    [128, 128],
  )
  assert.notEqual(...(names as [string, string]))
})
