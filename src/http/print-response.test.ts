import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import { chunked, untilClose } from './message.ts'
import type { ResponseHead } from './message.ts'
import { continueHead, printInterimHead, printResponseHead } from './print-response.ts'
import { ResponseScanner } from './scan-response.ts'

const date = 'Tue, 24 Nov 2026 16:00:00 GMT'

function head(more: Partial<ResponseHead>): ResponseHead {
  return {
    status: 200,
    minor: 1,
    phrase: 'OK',
    lines: '',
    dropped: [],
    bodyLength: 0,
    declaredLength: undefined,
    persistent: true,
    keepAliveTimeout: undefined,
    server: undefined,
    hasDate: true,
    websocket: false,
    ...more,
  }
}

function print(more: Partial<ResponseHead>, minor: 0 | 1 = 1, close = false): string[] {
  const text = printResponseHead(head(more), { minor, close, date })
  assert.ok(text.endsWith('\r\n\r\n'))
  return text.slice(0, -4).split('\r\n')
}

suite('printResponseHead()', () => {
  test('says the length as it is known', () => {
    assert.deepEqual(print({ bodyLength: 5, declaredLength: 5 }), ['HTTP/1.1 200 OK', 'Content-Length: 5'])
    assert.deepEqual(print({ bodyLength: 5 }), ['HTTP/1.1 200 OK', 'Content-Length: 5'])
    assert.deepEqual(print({ declaredLength: 0 }), ['HTTP/1.1 200 OK', 'Content-Length: 0'])
    assert.deepEqual(print({ declaredLength: 7 }), ['HTTP/1.1 200 OK', 'Content-Length: 7'])
    assert.deepEqual(print({}), ['HTTP/1.1 200 OK'])
  })

  test('chunks what has no length, for clients that know chunks', () => {
    for (const bodyLength of [chunked, untilClose]) {
      assert.deepEqual(print({ bodyLength }), ['HTTP/1.1 200 OK', 'Transfer-Encoding: chunked'])
      assert.deepEqual(print({ bodyLength }, 0, true), ['HTTP/1.1 200 OK', 'Connection: close'])
    }
  })

  test('gives a 204 no length and a 304 the one that was declared', () => {
    assert.deepEqual(print({ status: 204, phrase: '', declaredLength: 0 }), ['HTTP/1.1 204 '])
    assert.deepEqual(print({ status: 304, declaredLength: 5 }), ['HTTP/1.1 304 OK', 'Content-Length: 5'])
  })

  test('adds a date where there is none, and the server that is left', () => {
    assert.deepEqual(print({ lines: 'A: b\r\n', hasDate: false, server: 'lintel' }), [
      'HTTP/1.1 200 OK',
      'A: b',
      `Date: ${date}`,
      'Server: lintel',
    ])
  })

  test('says what happens to the connection', () => {
    assert.deepEqual(print({}, 1, true).at(-1), 'Connection: close')
    assert.deepEqual(print({}, 0, true).at(-1), 'Connection: close')
    assert.deepEqual(print({}, 0, false).at(-1), 'Connection: keep-alive')
  })

  test('prints what its own scanner reads as the same', () => {
    const scanner = new ResponseScanner({ requestLine: 1_000, head: 1_000, fields: 10 })
    for (const bodyLength of [0, 5, chunked]) {
      const declaredLength = bodyLength >= 0 ? bodyLength : undefined
      const first = head({ bodyLength, declaredLength, lines: 'Date: x\r\nA: b\r\n', server: 'c' })
      const bytes = Buffer.from(printResponseHead(first, { minor: 1, close: false, date }))
      assert.equal(scanner.scan(bytes, 0, bytes.length, 'GET'), bytes.length)
      assert.deepEqual(scanner.head, first)
    }
  })
})

suite('interim heads', () => {
  test('have no framing; a 101 says what it switches to', () => {
    assert.equal(
      printInterimHead(head({ status: 103, phrase: 'Early Hints', lines: 'Link: a\r\n' })),
      'HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n',
    )
    assert.equal(
      printInterimHead(head({ status: 101, phrase: 'Switching Protocols', lines: 'Sec-WebSocket-Accept: a\r\n' })),
      'HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n',
    )
    assert.equal(continueHead, 'HTTP/1.1 100 Continue\r\n\r\n')
  })
})
