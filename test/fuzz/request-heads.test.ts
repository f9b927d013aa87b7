import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import fc from 'fast-check'

import { HeadEnd, RequestScanner } from '../../src/http/index.ts'
import { readHeadSlowly } from '../support/slow-request-head.ts'
import type { Reading } from '../support/slow-request-head.ts'

const limits = { requestLine: 200, head: 2_000, fields: 12 }
const runs = 30_000
const seed = 20_261_124

const scanner = new RequestScanner(limits)

/** The reader that serves, fed in the segments given. */
function readFast(text: string, cuts: readonly number[]): Reading | undefined {
  const headEnd = new HeadEnd(limits)
  const bytes = Buffer.from(text, 'latin1')
  let from = 0
  let found = 0
  for (const to of [...cuts.filter((cut) => cut < bytes.length), bytes.length]) {
    found = headEnd.find(bytes, from, to)
    if (found !== 0) break
    from = to
  }
  if (found <= 0 || found < bytes.length || scanner.scan(bytes, 0, found) < 0) return undefined
  const { target, authority, bodyLength, lines } = scanner.head
  return { target, host: authority?.text.toLowerCase(), body: bodyLength, lines }
}

const often = (...values: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...values)

const name = often(
  'Host',
  'Content-Length',
  'Transfer-Encoding',
  'Connection',
  'Expect',
  'X-A',
  'x-b',
  'Cookie',
  'Accept',
  'Upgrade',
  'TE',
  'X-Real-IP',
  'X_Real_IP',
  'X-Forwarded-For',
  'X.Forwarded-Proto',
  'Content_Length',
  'Ssl-Client-Cert',
  'A_B',
  'A.B',
)
const said = often(
  '',
  'a',
  '5',
  '05',
  '0',
  'chunked',
  'gzip, chunked',
  'close',
  'X-A, x-B',
  'host',
  '100-continue',
  'a b',
  '\u{E9}',
)
const gap = often(': ', ': ', ': ', ':', ':\t', ' : ', ':  ')
const lineEnd = often('\r\n', '\r\n', '\r\n', '\r\n', '\r\n', '\r\n', ' \r\n', '\r', '\n', '\r\n ')
const framing = often('Content-Length: 5\r\n', 'Transfer-Encoding: chunked\r\n', 'Expect: 100-continue\r\n')
const line = fc.oneof(
  framing,
  fc.tuple(name, gap, said, lineEnd).map((parts) => parts.join('')),
)
const start = fc
  .tuple(
    often('GET', 'POST', 'get', 'CONNECT', 'TRACE', 'A(B'),
    often(' ', ' ', ' ', '  '),
    often(
      '/',
      '/a?b',
      '/a#b',
      'http://a.test/',
      'http://b.test?c',
      'http://a.test',
      'ftp://a.test/',
      'a',
      '//a',
      '/\u{E9}',
    ),
    often(
      ' HTTP/1.1\r\n',
      ' HTTP/1.1\r\n',
      ' HTTP/1.1\r\n',
      ' HTTP/1.0\r\n',
      ' HTTP/1.2\r\n',
      ' HTTP/1.1\n',
      ' HTTP/1.1 \r\n',
    ),
  )
  .map((parts) => parts.join(''))
const host = often(
  'Host: a.test\r\n',
  'Host: a.test\r\n',
  'host:A.TEST\r\n',
  'Host: b.test:80\r\n',
  'Host: a b\r\n',
  '',
)
const octet = fc.option(fc.record({ at: fc.nat({ max: 200 }), octet: fc.nat({ max: 255 }) }), { freq: 3 })
const head = fc.tuple(start, host, fc.array(line, { maxLength: 6 }), octet).map(([first, named, lines, change]) => {
  const bytes = Buffer.from(`${first}${named}${lines.join('')}\r\n`, 'latin1')
  if (change !== null && change.at < bytes.length) bytes[change.at] = change.octet
  return bytes.toString('latin1')
})
const cuts = fc.array(fc.nat({ max: 200 }), { maxLength: 5 }).map((list) => list.toSorted((a, b) => a - b))

suite('request heads', () => {
  test('the scanner reads what the obvious reader reads, however the head is cut', () => {
    let accepted = 0
    fc.assert(
      fc.property(head, cuts, (text, at) => {
        const expected = readHeadSlowly(text, limits)
        if (expected !== undefined) accepted++
        assert.deepEqual(readFast(text, at), expected)
      }),
      { numRuns: runs, seed },
    )
    assert.ok(accepted > runs / 100, `${accepted} accepted`)
  })
})
