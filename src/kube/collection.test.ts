import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { differenceOf } from '../base/index.ts'
import type { SourceObject } from '../model/index.ts'
import { Collection } from './collection.ts'

function objectOf(name: string, revision: number): SourceObject {
  const ref = { kind: 'Service', namespace: 'default', name }
  return { ref, uid: name, revision: String(revision), created: Infinity, value: {} }
}

const names = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 })

test('a list, whenever it was asked for, is what there was then, and an object stands where its last version stood', () => {
  fc.assert(
    fc.property(names, fc.boolean(), (history, alwaysAsked) => {
      const collection = new Collection()
      const model = new Map<string, SourceObject>()
      const lists: (readonly [readonly SourceObject[], readonly SourceObject[]])[] = []
      for (const [at, name] of history.entries()) {
        const object = objectOf(name, at + 1)
        model.set(name, object)
        assert.equal(collection.put(object), 'changed')
        if (alwaysAsked || at % 3 === 0) lists.push([collection.list(), [...model.values()]])
      }
      for (const [list, wanted] of lists) assert.deepEqual(list, wanted)
      for (const [at, [list]] of lists.entries()) {
        const [before = []] = lists[at - 1] ?? []
        assert.deepEqual(
          new Set(differenceOf(before, list).fresh),
          new Set(list.filter((object) => !before.includes(object))),
        )
      }
      assert.deepEqual(collection.list(), [...model.values()])
    }),
  )
})

test('what leaves a selection comes again as the same object, later; a late event brings nothing back', () => {
  const collection = new Collection()
  assert.equal(collection.put(objectOf('a', 1)), 'changed')
  assert.equal(collection.remove(objectOf('a', 2)), 'changed')
  for (const late of [1, 2]) assert.equal(collection.put(objectOf('a', late)), 'odd')
  assert.equal(collection.put(objectOf('a', 3)), 'changed')
  assert.equal(collection.remove(objectOf('a', 4)), 'changed')
  assert.equal(collection.put(objectOf('a', 3)), 'odd')
  assert.equal(collection.list().length, 0)
})
