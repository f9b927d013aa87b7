import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createRequestIds } from './request-id.ts'

test('createRequestIds() gives 32 hexadecimal digits, and no id twice, of two workers either', () => {
  const makers = [createRequestIds(), createRequestIds()]
  const ids = makers.flatMap((next) => Array.from({ length: 1_000 }, () => next()))
  assert.deepEqual(
    ids.filter((id) => !/^[\da-f]{32}$/.test(id)),
    [],
  )
  assert.equal(new Set(ids).size, 2_000)
})
