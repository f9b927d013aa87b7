import assert from 'node:assert/strict'
import { test } from 'node:test'

import { countLooks } from '../test/support/count-looks.ts'
import { snapshotOf } from '../test/support/objects.ts'
import { DiagnosticLog } from './diagnostic-log.ts'
import { diagnose } from './model/index.ts'
import type { Diagnostic, Position, Snapshot } from './model/index.ts'

function finding(name: string, hint = 'Rename it.'): Diagnostic {
  const place = { object: { kind: 'Ingress', namespace: 'default', name }, field: 'spec' }
  return diagnose('PathConflict', place, { message: `${name} loses`, hint })
}

function snapshotAt(line: number): Snapshot {
  return { ...snapshotOf([]), locate: (): Position => ({ file: 'a.yaml', line, column: 1 }) }
}

test('what holds is said once, and again when it comes back; another line or another hint is no news', () => {
  const said: string[] = []
  const log = new DiagnosticLog((line) => said.push(line))
  const [one, other] = [finding('one'), finding('other')]
  const report = (diagnostics: readonly Diagnostic[], line: number): string[] => {
    log.report(diagnostics, snapshotAt(line))
    return said.splice(0).map((text) => text.split('\n')[0] ?? '')
  }
  const [first, second] = ['a.yaml:1:1  PathConflict  one loses', 'a.yaml:1:1  PathConflict  other loses']
  assert.deepEqual(report([one, other], 1), [first, second])
  assert.deepEqual(report([one, finding('other')], 1), [])
  assert.deepEqual(report([one], 2), [])
  assert.deepEqual(report([finding('one', 'Is two meant?')], 1), [])
  assert.deepEqual(report([one, other], 1), [second])
})

test('the list that was reported last is not looked at again', () => {
  const looks: string[] = []
  const log = new DiagnosticLog(() => undefined)
  const list = countLooks([finding('one'), finding('other')], looks)
  log.report(list, snapshotAt(1))
  assert.ok(looks.length > 0)
  looks.length = 0
  log.report(list, snapshotAt(2))
  assert.deepEqual(looks, [])
})
