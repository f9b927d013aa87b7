import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import { fieldsOf, fieldValue, listOf, withField, withoutBlanks, withoutField } from './field-lines.ts'

const lines = 'Accept: a\r\nX-A: b: c\r\naccept: d\r\nEmpty: \r\n'

suite('field lines', () => {
  test('fieldsOf() gives names as written, values whole, in order', () => {
    assert.deepEqual(fieldsOf(lines), [
      ['Accept', 'a'],
      ['X-A', 'b: c'],
      ['accept', 'd'],
      ['Empty', ''],
    ])
    assert.deepEqual(fieldsOf(''), [])
  })

  test('fieldValue() joins the values of one name, in any case', () => {
    assert.equal(fieldValue(lines, 'ACCEPT'), 'a, d')
    assert.equal(fieldValue(lines, 'x-a'), 'b: c')
    assert.equal(fieldValue(lines, 'Empty'), '')
    assert.equal(fieldValue(lines, 'X'), undefined)
    assert.equal(fieldValue('', 'X'), undefined)
  })

  test('withoutField() takes out every field of a name and nothing else', () => {
    assert.equal(withoutField(lines, 'ACCEPT'), 'X-A: b: c\r\nEmpty: \r\n')
    assert.equal(withoutField(lines, 'X'), lines)
    assert.equal(withoutField('A: 1\r\n', 'a'), '')
  })

  test('withField() leaves one field of the name, at the end', () => {
    assert.equal(withField(lines, 'ACCEPT', 'e'), 'X-A: b: c\r\nEmpty: \r\nACCEPT: e\r\n')
    assert.equal(withField('', 'A', 'b'), 'A: b\r\n')
  })

  test('listOf() gives the elements, lower case, without empty ones', () => {
    assert.deepEqual(listOf(' A,,b ,\t c d,'), ['a', 'b', 'c d'])
    assert.deepEqual(listOf(''), [])
  })

  test('blanks are space and tab, and nothing else that looks like them', () => {
    for (const text of ['close', 'a b', '\xA0close', 'close\xA0', '\x85', ''])
      assert.equal(withoutBlanks(` \t${text}\t `), text)
    assert.deepEqual(listOf('\xA0close, \xA0'), ['\xA0close', '\xA0'])
  })
})
