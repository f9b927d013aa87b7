import assert from 'node:assert/strict'
import { test } from 'node:test'

import { PrefixTree } from './prefix-tree.ts'

const all = (): boolean => true

test('PrefixTree finds the longest prefix that covers a path, by elements, of those that fit', () => {
  const tree = new PrefixTree<string>()
  for (const path of ['/a', '/a/b/', '/a//c', '/d', '/a']) tree.add(path, path)
  const rows: readonly (readonly [path: string, found: string | undefined])[] = [
    ['/a', '/a'],
    ['/a/', '/a'],
    ['/ab', undefined],
    ['/a/b', '/a/b/'],
    ['/a/b/c', '/a/b/'],
    ['/a/x', '/a'],
    ['/a//c/d', '/a//c'],
    ['/', undefined],
  ]
  assert.deepEqual(
    rows.map(([path]) => [path, tree.find(path, all)]),
    rows,
  )
  assert.equal(
    tree.find('/a/b/c', (path) => path !== '/a/b/'),
    '/a',
  )
  tree.add('/', 'root')
  tree.add('/', 'later')
  assert.equal(tree.find('/x', all), 'root')
})
