import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { differenceOf, exchange } from './difference.ts'

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

/** Which places of a list of five get others, time after time. */
const histories = fc.array(fc.uniqueArray(fc.nat(4)), { maxLength: 6 })

test('lists that exchange() has made have others in the named places, and differ by just these, whichever two are compared', () => {
  fc.assert(
    fc.property(histories, (history) => {
      const first: readonly object[] = Array.from({ length: 5 }, () => ({}))
      const made = [first]
      const models = [first]
      for (const places of history) {
        const model = models.at(-1)?.map((one, at) => (places.includes(at) ? {} : one)) ?? []
        const last = made.at(-1) ?? []
        made.push(
          exchange(last, new Map(last.flatMap((one, at) => (model[at] === one ? [] : [[one, model[at] ?? {}]])))),
        )
        models.push(model)
        for (const [at, each] of made.entries()) assert.ok(each.every((one, place) => one === models[at]?.[place]))
        for (const before of made)
          for (const after of made) {
            const { gone, fresh } = differenceOf(before, after)
            assert.deepEqual(new Set(gone), new Set(before.filter((one) => !after.includes(one))))
            assert.deepEqual(new Set(fresh), new Set(after.filter((one) => !before.includes(one))))
          }
      }
    }),
  )
})

test('nobody looks through a list to find out how one that was made from it differs', () => {
  let looks = 0
  const target: object[] = Array.from({ length: 100 }, () => ({}))
  const watched = new Proxy(target, {
    get(from, name) {
      looks++
      return Reflect.get(from, name) as unknown
    },
  })
  const [old = {}, other] = [target[7], {}]
  const next = exchange(watched, new Map([[old, other]]))
  looks = 0
  assert.deepEqual(differenceOf(watched, next), { gone: [old], fresh: [other] })
  assert.equal(looks, 0)
})
