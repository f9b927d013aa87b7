import assert from 'node:assert/strict'
import { test } from 'node:test'

import { FairQueue } from './fair-queue.ts'

test('namespaces have turns; within one the first comes first, and each name stands once', () => {
  const queue = new FairQueue()
  for (const name of ['a/1', 'a/2', 'a/3', 'b/1', 'a/1', 'c/1', 'b/2', 'c/2']) queue.add(name)
  assert.equal(queue.size, 7)
  queue.delete('c/1')
  queue.delete('c/2')
  queue.delete('d/1')
  const taken = Array.from({ length: 6 }, () => queue.take())
  assert.deepEqual(taken, ['a/1', 'b/1', 'a/2', 'b/2', 'a/3', undefined])
  assert.equal(queue.size, 0)
  queue.add('a/1')
  assert.equal(queue.take(), 'a/1')
})
