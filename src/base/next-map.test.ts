import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import fc from 'fast-check'

import { changedEntries } from './changed-entries.ts'
import { NextMap } from './next-map.ts'
import { partsOf } from './shared-map.ts'

type Model = ReadonlyMap<string, object>

const values = Array.from({ length: 3 }, (_, at) => ({ at }))
/** A key and its value; undefined takes it out. */
const change = fc.tuple(fc.constantFrom('', 'a', 'b', 'c.test', '__proto__'), fc.constantFrom(undefined, ...values))
const histories = fc.array(fc.array(change, { maxLength: 6 }), { minLength: 1, maxLength: 6 })

function modelAfter(model: Model, changes: readonly (readonly [string, object | undefined])[]): Model {
  const next = new Map(model)
  for (const [key, value] of changes) {
    if (value === undefined) next.delete(key)
    else next.set(key, value)
  }
  return next
}

function nextOf(map: Model, changes: Iterable<readonly [string, object | undefined]>): Model {
  const next = new NextMap(map)
  for (const [key, value] of changes) next.put(key, value)
  return next.map
}

function assertSame(map: Model, model: Model): void {
  assert.deepEqual(new Map(map), model)
  assert.deepEqual([new Set(map.keys()), map.size], [new Set(model.keys()), model.size])
  assert.deepEqual(new Set(map.values()), new Set(model.values()))
  const each = new Map<string, object>()
  for (const [key, value] of model) assert.deepEqual([map.has(key), map.get(key)], [true, value])
  // oxlint-disable-next-line unicorn/no-array-for-each -- it is what is tested
  map.forEach((value, key) => each.set(key, value))
  assert.deepEqual([each, map.has('nowhere'), map.get('nowhere')], [model, false, undefined])
}

suite('the next version of a map', () => {
  test('holds after any history what a Map would hold, and every version stays what it was', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const versions: { readonly map: Model; readonly model: Model }[] = [{ map: new Map(), model: new Map() }]
        for (const changes of history) {
          const { map, model } = versions.at(-1) ?? { map: new Map(), model: new Map() }
          versions.push({ map: nextOf(map, changes), model: modelAfter(model, changes) })
        }
        for (const { map, model } of versions) assertSame(map, model)
      }),
    )
  })

  test('differs from any other version by what changedEntries() says, and by nothing else', () => {
    fc.assert(
      fc.property(histories, fc.boolean(), (history, shared) => {
        const versions = [new Map() as Model]
        for (const changes of history) versions.push(nextOf(versions.at(-1) ?? new Map(), changes))
        const [before, after] = [versions.at(history.length >> 1) ?? new Map(), versions.at(-1) ?? new Map()]
        const changes = [...changedEntries(before, shared ? after : new Map(after))]
        assertSame(nextOf(before, changes), new Map(after))
        for (const [key, value] of changes) assert.notEqual(before.get(key), value)
        assert.equal(changes.length, new Set(changes.map(([key]) => key)).size)
      }),
    )
  })

  test('is the same map until something differs, and may go on after it was taken', () => {
    const [one = {}, other = {}] = values
    const before = new Map([['a', one]])
    const next = new NextMap(before)
    next.put('a', one)
    next.put('b', undefined)
    assert.equal(next.map, before)
    next.put('b', other)
    const taken = next.map
    assert.equal(next.map, taken)
    next.put('a', undefined)
    assert.deepEqual([...next.map], [['b', other]])
    assertSame(taken, new Map([...before, ['b', other]]))
  })

  test('copies nothing but the part that a changed entry is in', () => {
    const many = nextOf(
      new Map(),
      Array.from({ length: 10_000 }, (_, at) => [`host-${at}.test`, { at }] as const),
    )
    const next = nextOf(many, [['host-7.test', {}]])
    const parts = partsOf(many)
    const copied = partsOf(next).filter((part, at) => part !== parts[at])
    assert.equal(copied.length, 1)
    const largest = Math.max(...parts.map(({ size }) => size))
    assert.ok(largest < 100, `${largest} of 10,000 entries in one part`)
  })
})
