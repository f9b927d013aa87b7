import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import type { RequestFault, RequestHead } from './message.ts'
import { readRequestHead } from './request-head.ts'
import type { RequestInWords } from './request-head.ts'

const limits = { requestLine: 100, head: 300, fields: 4 }

function read(parts: Partial<RequestInWords>): RequestHead | RequestFault {
  return readRequestHead({ method: 'GET', target: '/', host: 'a.test', fields: [], ...parts }, limits)
}

function accepted(parts: Partial<RequestInWords>): RequestHead {
  const head = read(parts)
  return typeof head === 'string' ? assert.fail(head) : head
}

suite('readRequestHead()', () => {
  test('reads what a client would have sent', () => {
    const head = accepted({
      method: 'POST',
      target: '/a?b',
      fields: ['Accept: */*', 'X-Real-IP: 192.0.2.1'],
    })
    const { method, path, query, authority, lines, dropped } = head
    assert.deepEqual([method, path, query, authority?.name, lines], ['POST', '/a', '?b', 'a.test', 'Accept: */*\r\n'])
    assert.deepEqual(dropped, [{ name: 'X-Real-IP', reason: 'managed' }])
  })

  test('prefers a Host among the fields', () => {
    assert.equal(accepted({ fields: ['hOST: b.test'] }).authority?.name, 'b.test')
  })

  test('writes what is not ASCII in UTF-8, as clients do', () => {
    assert.equal(accepted({ fields: ['A: \u{E9}'] }).lines, 'A: \u{C3}\u{A9}\r\n')
    assert.equal(read({ target: '/\u{E9}' }), 'BadRequest')
  })

  const faults: [what: string, parts: Partial<RequestInWords>, fault: RequestFault][] = [
    ['a line end in a field', { fields: ['A: b\r\nC: d'] }, 'BadRequest'],
    ['a line end in the target', { target: '/ HTTP/1.1\r\nA: b' }, 'BadRequest'],
    ['a line end in the method', { method: 'GET / HTTP/1.1\r\n\r\nGET' }, 'BadRequest'],
    ['a line end in the host', { host: 'a.test\r\n\r\n' }, 'BadRequest'],
    ['an empty line', { fields: ['', 'A: b'] }, 'BadRequest'],
    ['a bare CR', { fields: ['A: b\rc'] }, 'BadRequest'],
    ['two hosts', { fields: ['Host: b', 'Host: b'] }, 'BadRequest'],
    ['CONNECT', { method: 'CONNECT' }, 'MethodNotAllowed'],
    ['a target too long', { target: `/${'a'.repeat(100)}` }, 'TargetTooLong'],
    ['a head too large', { fields: [`A: ${'b'.repeat(300)}`] }, 'HeadTooLarge'],
    ['a field too many', { fields: Array.from({ length: 4 }, () => 'A: b') }, 'HeadTooLarge'],
  ]
  for (const [what, parts, fault] of faults) test(`refuses ${what}`, () => assert.equal(read(parts), fault))
})
