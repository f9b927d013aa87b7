import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { differenceOf } from './difference.ts'

const list = fc.uniqueArray(fc.integer({ min: 0, max: 12 }))

test('differenceOf() says of any two lists what only one of them has, each element once', () => {
  fc.assert(
    fc.property(list, list, (before, after) => {
      const { gone, fresh } = differenceOf(before, after)
      assert.deepEqual(
        [gone.toSorted((a, b) => a - b), fresh.toSorted((a, b) => a - b)],
        [
          before.filter((one) => !after.includes(one)).toSorted((a, b) => a - b),
          after.filter((one) => !before.includes(one)).toSorted((a, b) => a - b),
        ],
      )
    }),
  )
})
