import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import fc from 'fast-check'

import { HeadEnd } from './head-end.ts'
import type { RequestFault } from './message.ts'

const limits = { requestLine: 40, head: 100, fields: 10 }

/** The index after the head, a fault, or 'more', and how many octets had come by then. */
function search(text: string, cuts: readonly number[] = []): { found: number | RequestFault | 'more'; seen: number } {
  const headEnd = new HeadEnd(limits)
  const bytes = Buffer.from(text, 'latin1')
  let from = 0
  for (const to of [...cuts, bytes.length]) {
    // What has been seen is not looked at again: a buffer may hold something else by then.
    const found = headEnd.find(Buffer.from(bytes).fill(0, 0, from), from, to)
    assert.equal(headEnd.begun, to > 0)
    if (found !== 0) return { found: found < 0 ? headEnd.fault : found, seen: to }
    from = to
  }
  return { found: 'more', seen: from }
}

function everywhere(text: string): number[] {
  return Array.from(text, (_, at) => at)
}

suite('HeadEnd', () => {
  const head = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
  const texts: [what: string, text: string, found: number | RequestFault | 'more'][] = [
    ['a head', head, head.length],
    ['a head without fields', 'GET /\r\n\r\n', 9],
    ['a blank line alone', '\r\n', 2],
    ['two heads', `${head}GET /2 HTTP/1.1\r\n\r\n`, head.length],
    ['a head and a body with line feeds', `${head}\n\n\n${'x'.repeat(200)}`, head.length],
    ['half a head', 'GET / HTTP/1.1\r\nHost: a\r\n', 'more'],
    ['all but the last octet', head.slice(0, -1), 'more'],
    ['nothing', '', 'more'],
    ['a bare LF', 'GET / HTTP/1.1\nHost', 'BadRequest'],
    ['a bare LF before the blank line', 'GET / HTTP/1.1\r\nHost: a\n\r\n', 'BadRequest'],
    ['a bare LF as blank line', 'GET / HTTP/1.1\r\nHost: a\r\n\n', 'BadRequest'],
    ['a bare LF first', '\nGET', 'BadRequest'],
    ['a first line as long as allowed', `GET /${'a'.repeat(33)}\r\n\r\n`, 42],
    ['a first line too long', `GET /${'a'.repeat(34)}\r\n\r\n`, 'TargetTooLong'],
    ['a first line without end', `GET /${'a'.repeat(36)}`, 'TargetTooLong'],
    ['a head as large as allowed', `GET /\r\nA: ${'b'.repeat(86)}\r\n\r\n`, 100],
    ['a head too large by one octet', `GET /\r\nA: ${'b'.repeat(87)}\r\n\r\n`, 'HeadTooLarge'],
    ['a field line without end', `GET /\r\nA: ${'b'.repeat(91)}`, 'HeadTooLarge'],
  ]
  for (const [what, text, found] of texts)
    test(`${what}, however it is cut`, () => {
      assert.equal(search(text).found, found)
      assert.equal(search(text, everywhere(text)).found, found)
      for (let cut = 0; cut < text.length; cut++) assert.equal(search(text, [cut]).found, found)
    })

  test('refuses as soon as it can', () => {
    const late = 'x'.repeat(200)
    assert.equal(search(`GET /\n${late}`, everywhere(`GET /\n${late}`)).seen, 6)
    assert.equal(search(late, everywhere(late)).seen, limits.requestLine + 1)
    assert.equal(search(`GET /\r\n${late}`, everywhere(`GET /\r\n${late}`)).seen, limits.head + 1)
  })

  test('does not look beyond what has come', () => {
    const headEnd = new HeadEnd(limits)
    const bytes = Buffer.from(`${head}\n`)
    assert.equal(headEnd.find(bytes, 0, 20), 0)
    assert.equal(headEnd.find(bytes, 20, 20), 0)
    assert.equal(headEnd.find(bytes, 20, bytes.length), head.length)
  })

  test('reset() makes it ready for another head', () => {
    const headEnd = new HeadEnd(limits)
    const bytes = Buffer.from(`${head}\r\n`)
    headEnd.find(Buffer.from('GET / HTTP/1.1\r'), 0, 15)
    headEnd.reset()
    assert.equal(headEnd.begun, false)
    assert.equal(headEnd.find(bytes, head.length, head.length + 1), 0)
    headEnd.reset()
    assert.equal(headEnd.find(bytes, 0, bytes.length), head.length)
  })

  test('the cuts make no difference', () => {
    const parts = fc.array(fc.constantFrom('\r', '\n', '\r\n', 'a', '\0', 'aaaaaaaaaa', '\r\n\r\n'), { maxLength: 30 })
    const cuts = fc.array(fc.nat({ max: 100 }))
    fc.assert(
      fc.property(parts, cuts, (pieces, at) => {
        const text = pieces.join('')
        const inside = at.filter((cut) => cut < text.length).toSorted((a, b) => a - b)
        assert.deepEqual(search(text, inside).found, search(text).found)
      }),
      { seed: 20_261_124 },
    )
  })
})
