import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import fc from 'fast-check'

import { assertStaysWithin } from '../../test/support/watched-octets.ts'
import { chunked, untilClose } from './message.ts'
import type { ResponseHead } from './message.ts'
import { ResponseScanner } from './scan-response.ts'

const limits = { requestLine: 64 * 1024, head: 64 * 1024, fields: 20 }

function scan(text: string, method = 'GET'): ResponseHead | 'refused' {
  const scanner = new ResponseScanner(limits)
  const bytes = Buffer.from(text, 'latin1')
  return scanner.scan(bytes, 0, bytes.length, method) === bytes.length ? scanner.head : 'refused'
}

function accepted(text: string, method?: string): ResponseHead {
  const head = scan(text, method)
  return head === 'refused' ? assert.fail(`refused: ${JSON.stringify(text)}`) : head
}

const answer = (statusLine: string, ...lines: string[]): string => [statusLine, ...lines, '', ''].join('\r\n')
const ok = (...lines: string[]): string => answer('HTTP/1.1 200 OK', ...lines)
const persists = (statusLine: string, ...lines: string[]): boolean => accepted(answer(statusLine, ...lines)).persistent
const keepAliveOf = (text: string): unknown => accepted(ok(`Keep-Alive: ${text}`)).keepAliveTimeout

suite('ResponseScanner: status line', () => {
  const refused = [
    '',
    'HTTP/1.1',
    'HTTP/1.1 ',
    'HTTP/1.1 20 OK',
    'HTTP/1.1 2000 OK',
    'HTTP/1.1 099 OK',
    'HTTP/1.1 600 OK',
    'HTTP/1.1 2x0 OK',
    'HTTP/1.1 +20 OK',
    'HTTP/1.1  200 OK',
    'HTTP/1.1\t200 OK',
    'HTTP/1.1 200\tOK',
    'HTTP/1.1 200OK',
    'HTTP/1.1 200 O\0K',
    'HTTP/1.1 200 O\x7FK',
    'HTTP/1.1 200 OK\rX: y',
    'HTTP/1.1 200 OK\nX: y',
    'HTTP/1.2 200 OK',
    'HTTP/2.0 200 OK',
    'HTTP/1.11 200 OK',
    'http/1.1 200 OK',
    'ICY 200 OK',
    ' HTTP/1.1 200 OK',
    '\r\nHTTP/1.1 200 OK',
    'GET / HTTP/1.1',
  ]
  for (const line of refused)
    test(`refuses ${JSON.stringify(line)}`, () => {
      assert.equal(scan(answer(line)), 'refused')
      assert.equal(scan(answer(line, 'Content-Length: 0')), 'refused')
    })

  const read: [line: string, minor: number, status: number, phrase: string][] = [
    ['HTTP/1.1 200 OK', 1, 200, 'OK'],
    ['HTTP/1.0 404 Not  Found ', 0, 404, 'Not  Found '],
    ['HTTP/1.1 200 ', 1, 200, ''],
    ['HTTP/1.1 200', 1, 200, ''],
    ['HTTP/1.1 599 \u{E9}\t!', 1, 599, '\u{E9}\t!'],
    ['HTTP/1.1 100 Continue', 1, 100, 'Continue'],
  ]
  for (const [line, ...expected] of read)
    test(`reads ${JSON.stringify(line)}`, () => {
      const { minor, status, phrase } = accepted(answer(line))
      assert.deepEqual([minor, status, phrase], expected)
    })
})

suite('ResponseScanner: fields', () => {
  const refused: [what: string, line: string][] = [
    ['a line folded', 'A: b\r\n c'],
    ['a blank before the colon', 'A : b'],
    ['no colon', 'A'],
    ['an empty name', ': b'],
    ['a NUL', 'A: \0'],
    ['a bare CR', 'A: b\rContent-Length: 5'],
    ['a bare LF', 'A: b\nC: d'],
  ]
  for (const [what, line] of refused) test(`refuses ${what}`, () => assert.equal(scan(ok(line)), 'refused'))

  test('refuses too many', () => {
    assert.equal(scan(ok(...Array.from({ length: 21 }, () => 'A: b'))), 'refused')
    assert.equal(accepted(ok(...Array.from({ length: 20 }, () => 'A: b'))).lines.length, 120)
  })

  test('go on as they are, except for those of this hop', () => {
    const kept = ['Date: x', 'set-cookie: a=b', 'Set-Cookie: c', 'X_A: b', 'Alt-Svc: h3', 'Server-Timing: a', 'Host: b']
    const { lines, dropped, server, hasDate } = accepted(
      ok(
        ...kept,
        'Server: nginx',
        'Server: other',
        'Connection: x-n',
        'X-N: 1',
        'Trailer: x',
        'Proxy-Authenticate: Basic',
        'X-Lintel-Hops: 1',
        'Upgrade: h2,h2c',
        'Date: y',
        'content-length:3',
      ),
    )
    assert.equal(lines, `${kept.join('\r\n')}\r\n`)
    assert.deepEqual([server, hasDate], ['nginx', true])
    assert.deepEqual(dropped, [
      { name: 'Connection', reason: 'hop-by-hop' },
      { name: 'Trailer', reason: 'hop-by-hop' },
      { name: 'Proxy-Authenticate', reason: 'hop-by-hop' },
      { name: 'X-Lintel-Hops', reason: 'managed' },
      { name: 'Upgrade', reason: 'hop-by-hop' },
      { name: 'Date', reason: 'framing' },
      { name: 'X-N', reason: 'nominated' },
    ])
  })

  test('Connection cannot strip Date or the length', () => {
    const head = accepted(ok('Connection: date, content-length', 'Date: x', 'Content-Length: 3'))
    assert.deepEqual([head.lines, head.hasDate, head.bodyLength], ['Date: x\r\n', true, 3])
  })

  test('nothing dropped, no server, no date', () => {
    const { dropped, server, hasDate, lines } = accepted(ok())
    assert.deepEqual([dropped, server, hasDate, lines], [[], undefined, false, ''])
  })
})

suite('ResponseScanner: framing', () => {
  const refused: [what: string, head: string][] = [
    ['both framings', ok('Content-Length: 5', 'Transfer-Encoding: chunked')],
    ['both framings the other way round', ok('Transfer-Encoding: chunked', 'Content-Length: 0')],
    ['lengths that differ', ok('Content-Length: 5', 'Content-Length: 6')],
    ['equal lengths', ok('Content-Length: 5', 'Content-Length: 5')],
    ...['5, 5', '+5', '-1', '05', '', '0x5', '5 5', '1e3', '9999999999999999', '18446744073709551617'].map(
      (length): [string, string] => [`Content-Length ${JSON.stringify(length)}`, ok(`Content-Length: ${length}`)],
    ),
    ...['gzip', 'gzip, chunked', 'chunked, chunked', 'identity', 'chunked;q=1', ',chunked', 'xchunked', ''].map(
      (coding): [string, string] => [`Transfer-Encoding ${JSON.stringify(coding)}`, ok(`Transfer-Encoding: ${coding}`)],
    ),
    ['chunked twice', ok('Transfer-Encoding: chunked', 'Transfer-Encoding: chunked')],
    ['chunked in HTTP/1.0', answer('HTTP/1.0 200 OK', 'Transfer-Encoding: chunked')],
    ['chunks of a 204', answer('HTTP/1.1 204 No Content', 'Transfer-Encoding: chunked')],
    ['a length of a 204', answer('HTTP/1.1 204 No Content', 'Content-Length: 5')],
    ['a length of a 101', answer('HTTP/1.1 101 Switching Protocols', 'Content-Length: 5')],
    ['chunks of a 103', answer('HTTP/1.1 103 Early Hints', 'Transfer-Encoding: chunked')],
  ]
  for (const [what, head] of refused)
    test(`refuses ${what}`, () => {
      assert.equal(scan(head), 'refused')
      assert.equal(scan(head, 'HEAD'), 'refused')
    })

  const read: [head: string, method: string, body: number, declared: number | undefined][] = [
    [ok('Content-Length: 5'), 'GET', 5, 5],
    [ok('Content-Length: 5'), 'HEAD', 0, 5],
    [ok('Content-Length: 0'), 'GET', 0, 0],
    [ok('Transfer-Encoding: Chunked'), 'GET', chunked, undefined],
    [ok('Transfer-Encoding: chunked'), 'HEAD', 0, undefined],
    [ok(), 'GET', untilClose, undefined],
    [ok(), 'HEAD', 0, undefined],
    [answer('HTTP/1.0 200 OK'), 'POST', untilClose, undefined],
    [answer('HTTP/1.1 304 Not Modified', 'Content-Length: 5'), 'GET', 0, 5],
    [answer('HTTP/1.1 304 Not Modified', 'Transfer-Encoding: chunked'), 'GET', 0, undefined],
    [answer('HTTP/1.1 204 No Content'), 'GET', 0, undefined],
    [answer('HTTP/1.1 204 No Content', 'Content-Length: 0'), 'GET', 0, 0],
    [answer('HTTP/1.1 100 Continue'), 'POST', 0, undefined],
    [answer('HTTP/1.1 500 Oops'), 'GET', untilClose, undefined],
  ]
  for (const [head, method, body, declared] of read)
    test(`reads ${JSON.stringify(head)} for ${method}`, () => {
      const { bodyLength, declaredLength } = accepted(head, method)
      assert.deepEqual([bodyLength, declaredLength], [body, declared])
    })
})

suite('ResponseScanner: the connection', () => {
  test('persists in 1.1 unless closed, in 1.0 if said so', () => {
    assert.equal(persists('HTTP/1.1 200 OK'), true)
    assert.equal(persists('HTTP/1.1 200 OK', 'Connection: x', 'connection: Close'), false)
    for (const challenges of ['Negotiate', 'NTLM TlRM', 'Basic realm="a", negotiate', 'Digest a="b",NTLM'])
      assert.equal(persists('HTTP/1.1 401 Who', `WWW-Authenticate: ${challenges}`), false, challenges)
    for (const challenge of ['Basic realm="negotiated"', 'Bearer', 'NTLMv3'])
      assert.equal(persists('HTTP/1.1 401 Who', `WWW-Authenticate: ${challenge}`), true, challenge)
    assert.equal(persists('HTTP/1.0 200 OK'), false)
    assert.equal(persists('HTTP/1.0 200 OK', 'Connection: Keep-Alive'), true)
    assert.equal(persists('HTTP/1.0 200 OK', 'Connection: keep-alive, close'), false)
  })

  test('says how long it stays', () => {
    assert.equal(keepAliveOf('timeout=5, max=100'), 5)
    assert.equal(keepAliveOf('max=100,TIMEOUT=60'), 60)
    for (const odd of ['', 'timeout', 'timeout=', 'timeout=x', 'timeout=-1', 'xtimeout=5', 'timeout=9999999'])
      assert.equal(keepAliveOf(odd), undefined)
    assert.equal(accepted(ok()).keepAliveTimeout, undefined)
  })

  test('switches to WebSocket by a whole 101 alone', () => {
    const switching = 'HTTP/1.1 101 Switching Protocols'
    const both = ['Connection: Upgrade', 'Upgrade: WebSocket']
    assert.equal(accepted(answer(switching, ...both)).websocket, true)
    assert.equal(accepted(answer(switching, 'Upgrade: websocket')).websocket, false)
    assert.equal(accepted(answer(switching, 'Connection: upgrade')).websocket, false)
    assert.equal(accepted(answer(switching, 'Connection: upgrade', 'Upgrade: h2c')).websocket, false)
    assert.equal(
      accepted(answer(switching, 'Connection: upgrade', 'Upgrade: h2c', 'Upgrade: websocket')).websocket,
      false,
    )
    assert.equal(accepted(ok(...both)).websocket, false)
  })
})

suite('ResponseScanner: one after another', () => {
  test('has no head before the first scan', () => {
    assert.throws(() => new ResponseScanner(limits).head, TypeError)
  })

  test('forgets the last scan', () => {
    const scanner = new ResponseScanner(limits)
    const first = Buffer.from(
      ok(
        'Server: a',
        'Date: x',
        'Connection: close, a',
        'A: b',
        'Upgrade: websocket',
        'Keep-Alive: timeout=3',
        'Content-Length: 3',
      ),
    )
    const second = Buffer.from(ok('A: b'))
    scanner.scan(first, 0, first.length, 'GET')
    scanner.scan(second, 0, second.length, 'GET')
    assert.deepEqual(scanner.head, accepted(ok('A: b')))
    assert.equal(scanner.head.lines, 'A: b\r\n')
  })

  test('does not throw, and accepts only whole heads', () => {
    const scanner = new ResponseScanner(limits)
    const good = Buffer.from(ok('Content-Length: 5', 'Connection: x-a', 'X-A: b', 'Set-Cookie: c'))
    fc.assert(
      fc.property(
        fc.nat({ max: good.length - 1 }),
        fc.nat({ max: 255 }),
        fc.nat({ max: good.length }),
        (at, octet, end) => {
          const bytes = Buffer.from(good)
          bytes[at] = octet
          if (end < good.length) assert.equal(scanner.scan(bytes, 0, end, 'GET'), -1)
          if (scanner.scan(bytes, 0, bytes.length, 'GET') < 0) return
          assert.match(scanner.head.lines, /^(?:[^\s\0:]+: [^\r\n\0]*\r\n)*$/)
          assert.doesNotMatch(scanner.head.phrase, /[\r\n\0]/)
        },
      ),
      { numRuns: 3_000, seed: 20_261_124 },
    )
  })
})

test('ResponseScanner looks at nothing behind the octets that it is given', () => {
  const scanner = new ResponseScanner(limits)
  const head = answer('HTTP/1.1 200 All right', 'Content-Length: 1', 'Server:\ta ', 'Connection: b')
  assertStaysWithin(head, (bytes, end) => scanner.scan(bytes, 0, end, 'GET'))
})
