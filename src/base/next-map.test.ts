import assert from 'node:assert/strict'
import { test } from 'node:test'

import { NextMap } from './next-map.ts'

test('a NextMap leaves the map that it begins with as it is, and is that map until something differs', () => {
  const [one, other] = [{}, {}]
  const before = new Map([['a', one]])
  const next = new NextMap(before)
  next.put('a', one)
  next.put('b', undefined)
  assert.equal(next.map, before)
  next.put('a', undefined)
  next.put('b', other)
  assert.deepEqual([[...before], [...next.map]], [[['a', one]], [['b', other]]])
})
