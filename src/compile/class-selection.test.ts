import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import { compileOptions } from '../../test/support/compile-options.ts'
import type { Dialect } from '../model/index.ts'
import { ClassSelector } from './class-selection.ts'
import type { CompileOptions } from './compile-options.ts'
import type { IngressClassObject, IngressObject } from './kinds/index.ts'

function classObject(name: string, controller: string, more: Partial<IngressClassObject> = {}): IngressClassObject {
  const ref = { kind: 'IngressClass', namespace: '', name }
  return { ref, created: Infinity, controller, isDefault: false, ...more }
}

const strict = classObject('strict', 'lintel.dev/ingress-controller')
const legacy = classObject('legacy', 'k8s.io/ingress-nginx')
const foreign = classObject('foreign', 'example.com/other')
const three = [strict, legacy, foreign]

function ingress(className?: string, annotation?: string): IngressObject {
  return {
    ref: { kind: 'Ingress', namespace: 'default', name: 'web' },
    created: Infinity,
    revision: '1',
    annotations: new Map(annotation === undefined ? [] : [['kubernetes.io/ingress.class', annotation]]),
    className,
    defaultBackend: undefined,
    rules: [],
    tls: [],
  }
}

type Row = readonly [field: string | undefined, annotation: string | undefined, dialect: Dialect | undefined, string]

/** Dialect and codes, so that a row holds both what is decided and what is said. */
function judge(classes: readonly IngressClassObject[], row: Row, options: Partial<CompileOptions> = {}): unknown[] {
  const selector = new ClassSelector(classes, { ...compileOptions, ...options })
  const { dialect, diagnostics } = selector.select(ingress(row[0], row[1]))
  return [dialect, diagnostics.map(({ code }) => code).join(' ')]
}

function runRows(
  classes: readonly IngressClassObject[],
  rows: readonly Row[],
  options?: Partial<CompileOptions>,
): void {
  for (const row of rows)
    test(`field ${row[0]}, annotation ${JSON.stringify(row[1])}`, () => {
      assert.deepEqual(judge(classes, row, options), [row[2], row[3]])
    })
}

suite('select() with IngressClass objects, none of them the default (semantics 5.2)', () => {
  runRows(three, [
    ['strict', undefined, 'spec', ''],
    ['legacy', undefined, 'ingress-nginx', ''],
    ['foreign', undefined, undefined, 'ClassNotServed'],
    ['missing', undefined, undefined, 'ClassNotServed'],
    [undefined, undefined, undefined, 'ClassNotServed'],
    [undefined, 'strict', 'spec', ''],
    [undefined, 'legacy', 'ingress-nginx', ''],
    [undefined, 'foreign', undefined, 'ClassNotServed'],
    [undefined, '', undefined, 'ClassNotServed'],
    ['strict', 'strict', 'spec', ''],
    ['nginx', undefined, undefined, 'ClassNotServed'],
    // ingress-nginx takes its annotation without looking for an IngressClass.
    [undefined, 'nginx', 'ingress-nginx', ''],
  ])
})

suite('select() where field and annotation differ', () => {
  runRows(three, [
    ['legacy', 'strict', 'ingress-nginx', 'ClassConflict'],
    ['legacy', 'foreign', 'ingress-nginx', 'ClassConflict'],
    ['legacy', '', 'ingress-nginx', 'ClassConflict'],
    ['strict', 'legacy', 'ingress-nginx', 'ClassConflict'],
    ['strict', 'foreign', undefined, 'ClassConflict ClassNotServed'],
    ['strict', '', undefined, 'ClassConflict ClassNotServed'],
    ['foreign', 'strict', 'spec', 'ClassConflict'],
    ['missing', 'legacy', 'ingress-nginx', 'ClassConflict'],
    ['foreign', 'missing', undefined, 'ClassConflict ClassNotServed'],
  ])
})

suite('select() without IngressClass objects', () => {
  runRows(
    [],
    [
      ['nginx', undefined, 'ingress-nginx', ''],
      ['lintel', undefined, 'spec', ''],
      [undefined, 'nginx', 'ingress-nginx', ''],
      [undefined, undefined, 'spec', 'ClassMissing'],
      ['traefik', undefined, undefined, 'ClassNotServed'],
      [undefined, '', undefined, 'ClassNotServed'],
      ['nginx', 'lintel', 'ingress-nginx', 'ClassConflict'],
      ['lintel', 'nginx', 'ingress-nginx', 'ClassConflict'],
    ],
  )
})

suite('select() with a default class', () => {
  const none: Row = [undefined, undefined, undefined, '']

  test('the default class takes an Ingress without one', () => {
    assert.equal(
      judge([strict, classObject('d', 'k8s.io/ingress-nginx', { isDefault: true })], none)[0],
      'ingress-nginx',
    )
  })
  test('an empty annotation is an annotation: the default does not apply', () => {
    const classes = [classObject('d', 'k8s.io/ingress-nginx', { isDefault: true })]
    assert.equal(judge(classes, [undefined, '', undefined, ''])[0], undefined)
  })
  test('of several the newest counts, whatever their order', () => {
    const older = classObject('a', 'lintel.dev/ingress-controller', { isDefault: true, created: 1 })
    const newer = classObject('b', 'k8s.io/ingress-nginx', { isDefault: true, created: 2 })
    assert.equal(judge([older, newer], none)[0], 'ingress-nginx')
    assert.equal(judge([newer, older], none)[0], 'ingress-nginx')
  })
  test('of equally old ones, ageless ones too, the smallest name counts', () => {
    for (const created of [1, Infinity]) {
      const a = classObject('a', 'lintel.dev/ingress-controller', { isDefault: true, created })
      const b = classObject('b', 'k8s.io/ingress-nginx', { isDefault: true, created })
      assert.equal(judge([b, a], none)[0], 'spec')
    }
  })
  test('a foreign default class is not served', () => {
    assert.deepEqual(judge([classObject('d', 'example.com/x', { isDefault: true })], none), [
      undefined,
      'ClassNotServed',
    ])
  })
})

suite('select() with flags', () => {
  runRows([foreign], [['foreign', undefined, 'ingress-nginx', '']], { controllerClasses: ['example.com/other'] })
  runRows([], [['edge', undefined, 'ingress-nginx', '']], { ingressClasses: ['edge'] })
  runRows(
    three,
    [
      ['strict', undefined, 'spec', ''],
      ['legacy', undefined, undefined, 'ClassNotServed'],
      [undefined, undefined, undefined, 'ClassNotServed'],
    ],
    { onlyClasses: ['strict'] },
  )
  runRows([], [[undefined, undefined, undefined, 'ClassNotServed']], { onlyClasses: ['nginx'] })
  runRows([], [[undefined, undefined, undefined, 'ClassNotServed']], { fromCluster: true })
  runRows(
    [foreign],
    [
      [undefined, undefined, 'ingress-nginx', ''],
      ['foreign', undefined, undefined, 'ClassNotServed'],
      [undefined, '', undefined, 'ClassNotServed'],
    ],
    { withoutClass: true, fromCluster: true },
  )
})

test('what is said of a class of another controller names those that are served, the added ones too', () => {
  const options = { ...compileOptions, controllerClasses: ['example.com/own'] }
  const { diagnostics } = new ClassSelector([foreign], options).select(ingress('foreign'))
  assert.equal(
    diagnostics[0]?.hint,
    'Its IngressClass names a controller that is not served here; served are lintel.dev/ingress-controller, k8s.io/ingress-nginx, example.com/own.',
  )
})
