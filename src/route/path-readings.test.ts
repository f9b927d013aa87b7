import assert from 'node:assert/strict'
import { test } from 'node:test'

import { isPlain, mergeSlashes, readingsOf } from './path-readings.ts'

test('isPlain() is false exactly for paths that could be read in two ways', () => {
  for (const path of ['/', '/a/b', '/a.b/c.', '/a:b@c', '/a/', '*', '/~a-b_c', '/a,b=c', '/\u00E9'])
    assert.equal(isPlain(path), true, path)
  for (const path of ['/%41', '/%', '//', '/a//b', '/.', '/..', '/a/.b', '/a\\b', '/a;b', '/a/;', '/a//'])
    assert.equal(isPlain(path), false, path)
})

const rows: readonly (readonly [path: string, readings: readonly string[]])[] = [
  ['/a%20b', ['/a%20b']],
  ['/%61', ['/a']],
  ['/%2561', ['/%2561', '/a']],
  ['/a%2Fb', ['/a%2Fb', '/a/b']],
  ['/a%252fb', ['/a%252fb', '/a%2Fb', '/a/b']],
  ['/a//b', ['/a//b', '/a/b']],
  ['/a\\b', ['/a\\b', '/a/b']],
  ['/a%5Cb', ['/a%5Cb', '/a\\b', '/a/b']],
  ['/a;v/b', ['/a;v/b', '/a/b']],
  ['/a%3Bv', ['/a%3Bv', '/a;v', '/a']],
  ['/a/./b', ['/a/./b', '/a/b']],
  ['/a/../b', ['/a/../b', '/b']],
  ['/../../b', ['/../../b', '/b']],
  ['/a/..', ['/a/..', '/']],
  ['/a/.', ['/a/.', '/a/']],
  ['/%zz%', ['/%zz%']],
  ['/a%3Fb%23c', ['/a%3Fb%23c', '/a']],
  ['/a%253Fb/../c', ['/a%253Fb/../c', '/c', '/a%3Fb/../c', '/a']],
  ['/x/..;/a', ['/x/..;/a', '/x/../a', '/a']],
  ['/x/..%2fa', ['/x/..%2Fa', '/x/../a', '/a']],
  ['/x\\..\\a', ['/x\\..\\a', '/x/../a', '/a']],
  ['/a//../b', ['/a//../b', '/a/b', '/a/../b', '/b']],
]

for (const [path, expected] of rows) {
  test(`readingsOf(${path}) begins with the path and ends with ${expected.at(-1)}`, () => {
    const readings = [...(readingsOf(path) ?? [])]
    assert.equal(readings[0], expected[0])
    assert.deepEqual(readings.toSorted(), expected.toSorted())
  })
}

test('readingsOf() refuses a control octet, however often it is encoded', () => {
  for (const path of ['/%00', '/%0a', '/%1F', '/%7f', '/%2500', '/%25250d', '/a;%00', '/%0%30'])
    assert.equal(readingsOf(path), undefined, path)
  assert.notEqual(readingsOf('/%80%20%A0'), undefined)
})

function encoded(times: number): string {
  return `/%${'25'.repeat(times)}61`
}

test('readingsOf() refuses more than 64 readings', () => {
  // Itself, each time decoded once more, and at last `/a`, which is the normal form of the one before it.
  assert.equal(readingsOf(encoded(62))?.size, 63)
  assert.equal(readingsOf(encoded(63)), undefined)
})

test('readingsOf() refuses more than 64 KiB of readings, since each is looked at by every step', () => {
  const parts = '/a//b/./c/d\\e/f;g/'
  assert.equal(readingsOf(parts + '%2580'.repeat(100))?.size, 32)
  assert.equal(readingsOf(parts + '%2580'.repeat(1_500)), undefined)
  assert.equal(readingsOf(`/${'%20y'.repeat(3_900)}`)?.size, 1)
})

test('mergeSlashes() leaves one slash of many', () => {
  assert.equal(mergeSlashes('///a//b/c//'), '/a/b/c/')
})
