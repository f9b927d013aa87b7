import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { SourceObject } from '../model/index.ts'
import { Authorship } from './authorship.ts'

const manager = 'lintel/lintel-leader'

function ingress(revision: string, ...writers: readonly string[]): SourceObject {
  const managedFields = writers.map((writer) => ({ manager: writer, subresource: 'status' }))
  const status = { loadBalancer: { ingress: writers.length === 0 ? [] : [{ ip: '192.0.2.1' }] } }
  const ref = { kind: 'Ingress', namespace: 'shop', name: 'web' }
  return { ref, uid: 'u', revision, created: 0, value: { metadata: { managedFields }, status } }
}

/** Whether our entries are ours after each of these was heard of; `give` and `take`: what we wrote meanwhile. */
function judged(...course: readonly (SourceObject | 'give' | 'take')[]): boolean[] {
  const authorship = new Authorship(manager)
  let last = ingress('0')
  return course.map((step) => {
    if (typeof step === 'object') authorship.look([(last = step)], () => true)
    else authorship.wrote({ ...last, entries: [], own: step === 'give' ? '192.0.2.1|' : '' })
    return authorship.isOurs('u')
  })
}

test('entries are ours where the server names us as the last writer, or we wrote them and they still stand', () => {
  assert.deepEqual(judged(ingress('1', manager)), [true])
  assert.deepEqual(judged(ingress('1', 'nginx')), [false])
  assert.deepEqual(judged(ingress('1'), 'give', ingress('2', 'nginx')), [false, true, true])
  assert.deepEqual(judged(ingress('1', manager), ingress('2'), ingress('3', 'nginx')), [true, false, false])
  assert.deepEqual(judged(ingress('1', manager), 'take', ingress('2', 'nginx')), [true, false, false])
})

test('what is heard again of a version that was written on says nothing more', () => {
  const old = ingress('1', manager)
  assert.deepEqual(judged(old, 'take', old, ingress('2', 'nginx')), [true, false, false, false])
})
