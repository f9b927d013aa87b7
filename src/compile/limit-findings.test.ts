import assert from 'node:assert/strict'
import { test } from 'node:test'

import { diagnose } from '../model/index.ts'
import type { Diagnostic, ObjectRef } from '../model/index.ts'
import { FindingsLimit } from './limit-findings.ts'

function found(object: ObjectRef, count: number, code: 'PathConflict' | 'SecretNotFound'): Diagnostic[] {
  return Array.from({ length: count }, (_, at) => diagnose(code, { object, field: `${at}` }, { message: '', hint: '' }))
}

const [many, few] = [
  { kind: 'Ingress', namespace: 'a', name: 'many' },
  { kind: 'Ingress', namespace: 'b', name: 'few' },
]

test('FindingsLimit keeps the worst 1,000 of an object, in whatever order they come, and all of others', () => {
  const [warnings, errors] = [found(many, 1_500, 'PathConflict'), found(many, 600, 'SecretNotFound')]
  const others = found(few, 1_000, 'PathConflict')
  const limit = new FindingsLimit()
  const kept = limit.limit([...warnings, ...others, ...errors])
  assert.deepEqual(
    [kept.filter((one) => one.object === few).length, kept.filter((one) => errors.includes(one)).length, kept.length],
    [1_000, 600, 2_000],
  )
  assert.deepEqual(new Set(limit.limit([...errors, ...others, ...warnings.toReversed()])), new Set(kept))
  const within = [...others, ...warnings.slice(0, 1_000)]
  assert.equal(limit.limit(within), within)
})
