import assert from 'node:assert/strict'
import { test } from 'node:test'

import { onlyNews } from './only-news.ts'

test('onlyNews() tells a message once, and again after another one', () => {
  const told: string[] = []
  const tell = onlyNews((message) => told.push(message))
  for (const message of ['a', 'a', 'b', 'b', 'a']) tell(message)
  assert.deepEqual(told, ['a', 'b', 'a'])
})
