import assert from 'node:assert/strict'
import { test } from 'node:test'

import { connectionSlots, droppedFieldSlot, requestSlot } from '../model/index.ts'
import { Counts } from './counts.ts'

test('news are what has come since they were last taken', () => {
  const counts = new Counts()
  counts.request(200, undefined)
  counts.request(204, undefined)
  counts.dropped('client', [
    { name: 'X_A', reason: 'underscore' },
    { name: 'X_B', reason: 'underscore' },
  ])
  counts.note(connectionSlots.https, 7)
  assert.deepEqual(counts.takeNews(), [
    requestSlot(200, undefined),
    2,
    droppedFieldSlot('client', 'underscore'),
    2,
    connectionSlots.https,
    7,
  ])
  assert.deepEqual(counts.takeNews(), [])
  counts.request(404, 'NoRoute')
  counts.note(connectionSlots.https, 9)
  assert.deepEqual(counts.takeNews(), [requestSlot(404, 'NoRoute'), 1, connectionSlots.https, 2])
})
