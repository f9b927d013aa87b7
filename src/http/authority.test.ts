import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import { AuthorityCache, readAuthority } from './authority.ts'
import type { Authority } from './message.ts'

suite('readAuthority()', () => {
  const read: [text: string, name: string, port: number | undefined][] = [
    ['', '', undefined],
    ['a', 'a', undefined],
    ['A.Test', 'a.test', undefined],
    ['a.test.', 'a.test', undefined],
    ['a.test.:8080', 'a.test', 8080],
    ['a:0', 'a', 0],
    ['a:65535', 'a', 65_535],
    ['a_b-c~d.test', 'a_b-c~d.test', undefined],
    ['192.0.2.1:80', '192.0.2.1', 80],
    ['[::1]', '[::1]', undefined],
    ['[::1]:443', '[::1]', 443],
    ['[::]', '[::]', undefined],
    ['[2001:DB8::1]', '[2001:db8::1]', undefined],
    ['[1:2:3:4:5:6:7:8]', '[1:2:3:4:5:6:7:8]', undefined],
    ['[1:2:3:4:5:6:7::]', '[1:2:3:4:5:6:7::]', undefined],
    ['[::ffff:192.0.2.1]', '[::ffff:192.0.2.1]', undefined],
    ['[1:2:3:4:5:6:192.0.2.1]', '[1:2:3:4:5:6:192.0.2.1]', undefined],
    ['a..', 'a.', undefined],
    ['.a', '.a', undefined],
    ['.', '', undefined],
    ['a'.repeat(255), 'a'.repeat(255), undefined],
  ]
  for (const [text, name, port] of read)
    test(`reads ${JSON.stringify(text.slice(0, 40))}`, () => {
      assert.deepEqual(readAuthority(text), { name, port, text })
    })

  const refused = [
    ':80',
    'a:',
    'a:b',
    'a:80a',
    'a:65536',
    'a:000080',
    'a:+80',
    'a: 80',
    'a:80:80',
    'a b',
    ' a',
    'a,b',
    'a/b',
    'a?b',
    'a#b',
    'a\\b',
    'a%2eb',
    'u@a',
    'u:p@a',
    'http://a',
    '*.a',
    'caf\u{E9}',
    '\u{212A}',
    'a\0',
    'a\r\nb',
    'a'.repeat(256),
    '[',
    ']',
    '[]',
    '[::1',
    '::1',
    '[::1]a',
    '[::1]a:80',
    '[::1]:',
    '[[::1]]',
    '[:::]',
    '[::1::]',
    '[1::2::3]',
    '[1:2:3:4:5:6:7]',
    '[1:2:3:4:5:6:7:8:9]',
    '[1:2:3:4::5:6:7:8]',
    '[12345::]',
    '[g::]',
    '[::1%eth0]',
    '[::1.2.3]',
    '[::1.2.3.256]',
    '[::01.2.3.4]',
    '[1.2.3.4]',
    '[1.2.3.4::]',
    '[v1.a]',
    `[${'0'.repeat(60)}::]`,
  ]
  for (const text of refused)
    test(`refuses ${JSON.stringify(text.slice(0, 40))}`, () => assert.equal(readAuthority(text), undefined))
})

suite('authorities that are remembered', () => {
  const bytes = Buffer.from('GET Aa.test:80 BB.test:80 Aa.test:80 Aa.test:8O')
  const cache = new AuthorityCache()
  const readAt = (start: number): Authority | undefined => cache.read(bytes, start, start + 10)

  test('are the same object again, and never those of other octets with the same hash', () => {
    const first = readAt(4)
    assert.deepEqual(first, { name: 'aa.test', port: 80, text: 'Aa.test:80' })
    assert.equal(readAt(26), first)
    assert.deepEqual(readAt(15), { name: 'bb.test', port: 80, text: 'BB.test:80' })
    assert.deepEqual(readAt(26), first)
  })

  test('do not make a bad one good', () => assert.equal(readAt(37), undefined))
})
