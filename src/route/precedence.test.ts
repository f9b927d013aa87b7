import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { ruleRoute } from '../../test/support/route-table.ts'
import type { PathType } from '../model/index.ts'
import { comparePrecedence, matches, prefixKey } from './precedence.ts'

const ordered = [
  ['Exact', '/a/b'],
  ['Exact', '/long'],
  ['Exact', '/a'],
  ['Prefix', '/a/b/c'],
  ['Prefix', '/longer/b'],
  ['Prefix', '/a/b/'],
  ['Prefix', '/a/b'],
  ['ImplementationSpecific', '/a/b'],
  ['ImplementationSpecific', '/a/'],
  ['Prefix', '/a'],
  ['Prefix', '/b'],
  ['Prefix', '/'],
  ['ImplementationSpecific', ''],
] as const

test('comparePrecedence() puts the more specific rule first, whatever the order of declaration', () => {
  const routes = ordered.map(([type, path]) => ruleRoute('', { type, path }))
  fc.assert(
    fc.property(fc.shuffledSubarray(routes, { minLength: routes.length }), (shuffled) => {
      assert.deepEqual(
        shuffled.toSorted(comparePrecedence).map(({ end }) => end),
        routes.map(({ end }) => end),
      )
    }),
    { seed: 1 },
  )
})

test('comparePrecedence() of rules that match the same requests in the same way is 0', () => {
  const [a, b] = [ruleRoute('', { type: 'Prefix', path: '/%61' }), ruleRoute('', { type: 'Prefix', path: '/a' })]
  assert.equal(comparePrecedence(a, b), 0)
})

test('prefixKey() is the same for a path with and without its last slash', () => {
  assert.equal(prefixKey('/a/'), prefixKey('/a'))
  assert.equal(prefixKey('/'), '')
  assert.notEqual(prefixKey('/a//'), prefixKey('/a/'))
})

test('matches() compares elements', () => {
  const rows: readonly (readonly [PathType, string, string, boolean])[] = [
    ['Prefix', '/', '/', true],
    ['Prefix', '/', '/a', true],
    ['Prefix', '/', '*', false],
    ['Prefix', '/a', '/a/', true],
    ['Prefix', '/a/', '/a', true],
    ['Prefix', '/a', '/ab', false],
    ['Prefix', '/a', '/a//', true],
    ['ImplementationSpecific', '/a//', '/a/', false],
    ['ImplementationSpecific', '/a//', '/a//b', true],
    ['ImplementationSpecific', '//', '/', false],
    ['ImplementationSpecific', '', '/a', true],
    ['Exact', '/a', '/a/', false],
    ['Exact', '/a', '/a', true],
  ]
  for (const [type, path, asked, expected] of rows)
    assert.equal(matches(ruleRoute('', { type, path }), asked), expected, `${type} ${path}: ${asked}`)
})
