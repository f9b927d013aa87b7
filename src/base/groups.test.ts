import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { Groups } from './groups.ts'

interface Element {
  readonly at: number
  readonly keys: readonly string[]
}

const element = fc.record({ at: fc.nat(), keys: fc.uniqueArray(fc.constantFrom('a', 'b', 'c')) })
const pool = fc.uniqueArray(element, { maxLength: 8, selector: ({ at }) => at })
const histories = pool.chain((elements) => fc.array(fc.shuffledSubarray(elements), { minLength: 1, maxLength: 5 }))

function makeGroups(): Groups<Element> {
  return new Groups(
    ({ keys }) => keys,
    (a, b) => a.at - b.at,
  )
}

test('Groups after any history are as if they had been new, and name just the groups that changed', () => {
  fc.assert(
    fc.property(histories, (history) => {
      const groups = makeGroups()
      let before = new Map<string, readonly Element[]>()
      for (const elements of history) {
        const grouped = groups.update(elements)
        const now = new Map(grouped.groups)
        assert.deepEqual(now, new Map(makeGroups().update(elements).groups))
        const others = ['a', 'b', 'c'].filter((key) => now.get(key) !== before.get(key))
        assert.deepEqual(grouped.changed, new Set(others))
        before = now
      }
    }),
  )
})
