import assert from 'node:assert/strict'
import { test } from 'node:test'

import { dropReasons } from '../http/index.ts'
import { answerReasons } from './answer.ts'
import type { AnswerReason } from './answer.ts'
import { connectionSlots, countSlots, droppedFieldSlot, droppedLinesSlot, requestSlot } from './worker-counts.ts'

test('every slot that is counted in is described as what is counted there', () => {
  assert.deepEqual(countSlots[requestSlot(204, undefined)], { of: 'requests', class: '2xx', reason: '' })
  assert.deepEqual(countSlots[requestSlot(999, undefined)], { of: 'requests', class: '5xx', reason: '' })
  assert.deepEqual(countSlots[requestSlot(0, 'UpstreamAborted')], {
    of: 'requests',
    class: 'none',
    reason: 'UpstreamAborted',
  })
  for (const reason of Object.keys(answerReasons) as AnswerReason[]) {
    const status = answerReasons[reason]
    const slot = countSlots[requestSlot(status, reason)]
    assert.deepEqual(slot, { of: 'requests', class: `${String(status)[0]}xx`, reason })
  }
  for (const from of ['client', 'upstream'] as const)
    for (const reason of dropReasons)
      assert.deepEqual(countSlots[droppedFieldSlot(from, reason)], { of: 'droppedFields', from, reason })
  for (const scheme of ['http', 'https'] as const)
    assert.deepEqual(countSlots[connectionSlots[scheme]], { of: 'connections', scheme })
  assert.deepEqual(countSlots[droppedLinesSlot], { of: 'droppedLines' })
})
