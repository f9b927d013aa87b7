import assert from 'node:assert/strict'
import { test } from 'node:test'

import { JoinedLists } from './joined-lists.ts'

test('the joined list is the same one until an element of a part is another one, comes, goes or moves', () => {
  const lists = new JoinedLists<string>()
  const first = lists.join(['a', 'b'], [], ['c'])
  assert.deepEqual(first, ['a', 'b', 'c'])
  assert.equal(lists.join(['a', 'b'], [], ['c']), first)
  for (const parts of [
    [['a', 'b'], [], ['d']],
    [['a', 'b'], ['c'], ['d']],
    [['a', 'b'], ['c']],
    [['b', 'a'], ['c']],
  ]) {
    const next = lists.join(...parts)
    assert.deepEqual(next, parts.flat())
    assert.equal(lists.join(...parts), next)
  }
})

test('the same elements in other parts are another list, which holds the same', () => {
  const lists = new JoinedLists<string>()
  lists.join(['a', 'b'], ['c'])
  assert.deepEqual(lists.join(['a'], ['b', 'c']), ['a', 'b', 'c'])
  assert.deepEqual(lists.join([]), [])
})
