import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import { diagnose } from '../model/index.ts'
import type { Diagnostic, DiagnosticCode, ObjectRef } from '../model/index.ts'
import { judge } from './verdict.ts'
import type { Verdict } from './verdict.ts'

const web: ObjectRef = { kind: 'Ingress', namespace: 'shop', name: 'web' }
const other: ObjectRef = { kind: 'Ingress', namespace: 'blog', name: 'old' }

function say(code: DiagnosticCode, object = web, message = 'is wrong', field = 'spec.x'): Diagnostic {
  return diagnose(code, { object, field }, { message, hint: 'Mend it.' })
}

function verdict(
  after: readonly Diagnostic[],
  before: readonly Diagnostic[] = [],
  conflicts: 'warn' | 'refuse' = 'warn',
): Verdict {
  return judge(web, { before, after }, { conflicts })
}

suite('judge()', () => {
  test('says nothing where nothing is new', () => {
    assert.deepEqual(verdict([]), { outcome: 'allowed', warnings: [] })
    const held = [say('GuardNotServed'), say('AnnotationNotServed')]
    assert.deepEqual(verdict(held, held), { outcome: 'allowed', warnings: [] })
  })

  test('refuses a fault of the object itself, with code, field, message and hint', () => {
    const { outcome, refusal } = verdict([say('GuardNotServed')])
    assert.equal(outcome, 'refused')
    assert.deepEqual(refusal, { code: 422, reason: 'Invalid', message: 'GuardNotServed: spec.x: is wrong. Mend it.' })
  })

  test('warns of a fault that another object mends, which may be stored later', () => {
    for (const code of ['ServiceNotFound', 'SecretNotFound', 'CertificateHostMismatch'] as const) {
      const { outcome, refusal, warnings } = verdict([say(code)])
      assert.deepEqual([outcome, refusal, warnings], ['warned', undefined, [`${code}: spec.x: is wrong. Mend it.`]])
    }
  })

  test('never refuses for a fault of another object', () => {
    const { outcome, warnings } = verdict([say('InvalidObject', other)])
    assert.deepEqual([outcome, warnings], ['warned', ['InvalidObject on Ingress blog/old: spec.x: is wrong. Mend it.']])
  })

  test('warns of a conflict, or refuses it, whoever of the two loses', () => {
    for (const object of [web, other]) {
      assert.equal(verdict([say('PathConflict', object)]).outcome, 'warned')
      const { outcome, refusal } = verdict([say('PathConflict', object)], [], 'refuse')
      assert.deepEqual([outcome, refusal?.code, refusal?.reason], ['refused', 403, 'Forbidden'])
    }
  })

  test('a fault that only moved within its object is not new, and one that stands twice is', () => {
    const moved = say('GuardNotServed', web, 'is wrong', 'spec.y')
    assert.equal(verdict([moved], [say('GuardNotServed')]).outcome, 'allowed')
    assert.equal(verdict([moved, say('GuardNotServed')], [say('GuardNotServed')]).outcome, 'refused')
  })

  test('puts the worst first, and says a field once', () => {
    const { warnings } = verdict([
      say('AnnotationNotServed'),
      say('RuleNeverMatches'),
      say('ServiceNotFound', web, 'spec.x: none'),
    ])
    assert.deepEqual(warnings, [
      'ServiceNotFound: spec.x: none. Mend it.',
      'RuleNeverMatches: spec.x: is wrong. Mend it.',
      'AnnotationNotServed: spec.x: is wrong. Mend it.',
    ])
  })

  test('what objects smuggle in is shown, and no answer grows without a bound', () => {
    const hostile = Array.from({ length: 1_000 }, (_, at) =>
      say('InvalidObject', web, `\u001B[2J${at}${'ä'.repeat(2_000)}`),
    )
    const { refusal } = verdict(hostile)
    assert.ok(refusal !== undefined && Buffer.byteLength(refusal.message) < 10_000)
    assert.equal(refusal.message.includes('\u001B'), false)
    assert.match(refusal.message, /…\nand 992 more$/)
    const { warnings } = verdict(hostile.map(({ message }) => say('RuleNeverMatches', web, message)))
    assert.ok(warnings.every((text) => Buffer.byteLength(text) <= 256))
    assert.deepEqual([warnings.length, warnings.at(-1)], [16, 'and 985 more'])
  })
})
