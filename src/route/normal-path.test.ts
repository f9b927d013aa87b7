import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { normalPath, normalRulePath } from './normal-path.ts'

test('normalPath() decodes unreserved octets and writes other codes in upper case', () => {
  const rows = [
    ['/fo%6F%2d%7E%5f%2E', '/foo-~_.'],
    ['/%2f%5c%3b%25', '/%2F%5C%3B%25'],
    ['/caf%c3%a9', '/caf%C3%A9'],
    ['/%zz%', '/%zz%'],
    ['/%2541', '/%2541'],
    ['/%4', '/%4'],
    ["/!$&'()*+,;=:@\\", "/!$&'()*+,;=:@\\"],
    ['/ "<>[]^`{|}\u007F\u00E9', '/%20%22%3C%3E%5B%5D%5E%60%7B%7C%7D%7F%E9'],
  ] as const
  for (const [path, expected] of rows) assert.equal(normalPath(path), expected)
})

const octet = fc.nat({ max: 255 })
const code = octet.map((value) => `%${value.toString(16).padStart(2, '0')}`)
const char = octet.map((value) => String.fromCodePoint(value)).filter((text) => text !== '%')

test('normalPath() of a normal path is the path itself', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.oneof(code, char) }), (path) => {
      assert.equal(normalPath(normalPath(path)), normalPath(path))
      assert.equal(decodeOctets(normalPath(path)), decodeOctets(path))
    }),
    { seed: 1 },
  )
})

function decodeOctets(path: string): string {
  return path.replaceAll(/%(..)/g, (_, digits: string) => String.fromCodePoint(Number.parseInt(digits, 16)))
}

test('normalRulePath() reads characters as their UTF-8 octets', () => {
  assert.equal(normalRulePath('/föö'), '/f%C3%B6%C3%B6')
  assert.equal(normalRulePath('/€ 😀'), '/%E2%82%AC%20%F0%9F%98%80')
  assert.equal(normalRulePath('/a\r\nb\0'), '/a%0D%0Ab%00')
})

test('normalRulePath() leaves ? and # raw, which stand in no request path', () => {
  assert.equal(normalRulePath('/%61?%62#c d'), '/a?b#c%20d')
})
