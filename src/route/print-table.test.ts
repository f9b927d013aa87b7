import assert from 'node:assert/strict'
import { test } from 'node:test'

import { defaultRoute, hostTable, routeTable, ruleRoute } from '../../test/support/route-table.ts'
import { printTable, printTarget } from './print-table.ts'

test('printTable() prints hosts by name, rules by precedence, and what answers 503', () => {
  const broken = ruleRoute('b.test', { type: 'Prefix', path: '/broken', to: 'gone' }, { refusal: 'ServiceNotFound' })
  const hosts = [
    { ...hostTable('b.test', []), rules: [broken], fallback: defaultRoute('own') },
    hostTable('', [{ type: 'ImplementationSpecific', path: '', to: 'any' }]),
    hostTable('a.test', [
      { type: 'Prefix', path: '/', to: 'front' },
      { type: 'Exact', path: '/api', to: 'api' },
    ]),
  ]
  assert.equal(
    printTable(routeTable(hosts, defaultRoute('all'))),
    `HOST     PATH        TYPE                     SERVICE                               INGRESS
*        /           ImplementationSpecific   default/any:80                        default/test
a.test   /api        Exact                    default/api:80                        default/test
a.test   /           Prefix                   default/front:80                      default/test
b.test   /broken     Prefix                   default/gone:80 503 ServiceNotFound   default/test
b.test   (default)   -                        default/own:80                        default/test
*        (default)   -                        default/all:80                        default/test
`,
  )
})

test('printTable() of the same hosts is the same text, whatever their order', () => {
  const hosts = ['c.test', 'a.test', '', '*.b.test'].map((host) => hostTable(host, [{ type: 'Prefix', path: '/' }]))
  assert.equal(printTable(routeTable(hosts)), printTable(routeTable(hosts.toReversed())))
})

test('printTable() lets one long path stand out instead of widening every line', () => {
  const rules = ['/short', `/${'x'.repeat(100_000)}`].map((path) => ({ type: 'Prefix' as const, path, to: 'a' }))
  const lines = printTable(routeTable([hostTable('a.test', rules)])).split('\n')
  assert.deepEqual(
    lines.map((line) => line.length > 200),
    [false, true, false, false],
  )
})

test('printTarget() shows weights where there are several backends', () => {
  const targets = [
    { backend: 'default/a:80', weight: 9 },
    { backend: 'default/b:80', weight: 1 },
  ]
  assert.equal(printTarget({ ...defaultRoute('x'), targets }), 'default/a:80 (9) default/b:80 (1)')
  assert.equal(printTarget({ ...defaultRoute('x'), targets: [], refusal: 'GuardNotServed' }), '503 GuardNotServed')
})

test('printTable() of nothing says so', () => {
  assert.equal(printTable(routeTable([])), 'There is no rule to serve: every request is answered 404.\n')
})
