import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import { assertStaysWithin } from '../../test/support/watched-octets.ts'
import { chunked } from './message.ts'
import type { RequestFault, RequestHead } from './message.ts'
import { RequestScanner } from './scan-request.ts'

const limits = { requestLine: 16 * 1024, head: 64 * 1024, fields: 128 }

function scan(text: string): RequestHead | RequestFault {
  const scanner = new RequestScanner(limits)
  const bytes = Buffer.from(text, 'latin1')
  return scanner.scan(bytes, 0, bytes.length) === bytes.length ? scanner.head : scanner.fault
}

function accepted(text: string): RequestHead {
  const head = scan(text)
  if (typeof head === 'string') return assert.fail(`${head}: ${JSON.stringify(text)}`)
  return head
}

const get = (...lines: string[]): string => ['GET / HTTP/1.1', 'Host: a.test', ...lines, '', ''].join('\r\n')
const ask = (requestLine: string, ...lines: string[]): string => [requestLine, ...lines, '', ''].join('\r\n')

const post = (version: string, ...lines: string[]): RequestHead | RequestFault =>
  scan(ask(`POST / ${version}`, 'Host: a', 'Content-Length: 1', ...lines))

suite('RequestScanner: request line', () => {
  const refused: [what: string, line: string][] = [
    ['no method', ' / HTTP/1.1'],
    ['a method that is no token', 'G(ET / HTTP/1.1'],
    ['a blank before the method', ' GET / HTTP/1.1'],
    ['two blanks after the method', 'GET  / HTTP/1.1'],
    ['two blanks before the version', 'GET /  HTTP/1.1'],
    ['a tab', 'GET\t/ HTTP/1.1'],
    ['a blank at the end', 'GET / HTTP/1.1 '],
    ['a blank in the target', 'GET /a b HTTP/1.1'],
    ['no target', 'GET HTTP/1.1'],
    ['no version', 'GET /'],
    ['HTTP/0.9 with a blank', 'GET / '],
    ['lower-case version', 'GET / http/1.1'],
    ['HTTP/1.2', 'GET / HTTP/1.2'],
    ['HTTP/1.10', 'GET / HTTP/1.10'],
    ['HTTP/01.1', 'GET / HTTP/01.1'],
    ['HTTP/2.0', 'PRI * HTTP/2.0'],
    ['a bare CR after the version', 'GET / HTTP/1.1\rX: y'],
    ['a bare CR in the target', 'GET /\r HTTP/1.1'],
    ['a NUL in the target', 'GET /\0 HTTP/1.1'],
    ['DEL in the target', 'GET /\x7F HTTP/1.1'],
    ['a fragment', 'GET /a#b HTTP/1.1'],
    ['raw octets above ASCII', 'GET /caf\u{E9} HTTP/1.1'],
    ['a relative target', 'GET a HTTP/1.1'],
    ['a query alone', 'GET ?a HTTP/1.1'],
    ['`*` for GET', 'GET * HTTP/1.1'],
    ['`*` and more', 'OPTIONS */ HTTP/1.1'],
    ['another scheme', 'GET ftp://a.test/ HTTP/1.1'],
    ['a scheme without authority', 'GET http:/a HTTP/1.1'],
    ['an empty authority', 'GET http:///a HTTP/1.1'],
    ['userinfo', 'GET http://u@a.test/ HTTP/1.1'],
    ['another host than Host', 'GET http://b.test/ HTTP/1.1'],
    ['another port than Host', 'GET http://a.test:81/ HTTP/1.1'],
    ['a backslash in the authority', 'GET http://a.test\\b/ HTTP/1.1'],
    ['a head that is a blank line', ''],
  ]
  for (const [what, line] of refused)
    test(`refuses ${what}`, () => assert.equal(scan(ask(line, 'Host: a.test')), 'BadRequest'))

  for (const method of ['CONNECT', 'TRACE'])
    test(`does not allow ${method}`, () => {
      assert.equal(scan(ask(`${method} / HTTP/1.1`, 'Host: a.test')), 'MethodNotAllowed')
    })

  const targets: [line: string, path: string, query: string][] = [
    ['GET / HTTP/1.1', '/', ''],
    ['GET /a?b?c HTTP/1.1', '/a', '?b?c'],
    ['GET /? HTTP/1.1', '/', '?'],
    ['GET //b.test/a HTTP/1.1', '//b.test/a', ''],
    [String.raw`GET /a\b;c=%2f%zz|{}"<>^${'`'} HTTP/1.1`, String.raw`/a\b;c=%2f%zz|{}"<>^${'`'}`, ''],
    ['GET http://a.test HTTP/1.1', '/', ''],
    ['GET HTTPS://A.test/b?c HTTP/1.1', '/b', '?c'],
    ['GET http://a.test?c HTTP/1.1', '/', '?c'],
    ['OPTIONS * HTTP/1.1', '*', ''],
    ['OPTIONS /a HTTP/1.1', '/a', ''],
    ['get / HTTP/1.1', '/', ''],
    ["M!#$%&'*+-.^_`|~9 / HTTP/1.1", '/', ''],
  ]
  for (const [line, path, query] of targets)
    test(`reads ${line}`, () => {
      const head = accepted(ask(line, 'Host: a.test'))
      const [method, target] = line.split(' ')
      assert.deepEqual([head.method, head.target, head.path, head.query], [method, target, path, query])
    })
})

suite('RequestScanner: Host', () => {
  const refused: [what: string, lines: string[]][] = [
    ['none', []],
    ['two that differ', ['Host: a.test', 'Host: b.test']],
    ['two that are equal', ['Host: a.test', 'host: a.test']],
    ['a list', ['Host: a.test, b.test']],
    ['userinfo', ['Host: u@a.test']],
    ['a path', ['Host: a.test/b']],
    ['a port that is no number', ['Host: a.test:80a']],
    ['a port too high', ['Host: a.test:65536']],
    ['a percent code', ['Host: a%2etest']],
    ['a blank before the colon', ['Host : a.test']],
    ['raw octets above ASCII', ['Host: b\u{FC}.test']],
  ]
  for (const [what, lines] of refused)
    test(`refuses ${what}`, () => assert.equal(scan(ask('GET / HTTP/1.1', ...lines)), 'BadRequest'))

  test('takes the empty host, a port, and any case', () => {
    assert.equal(accepted(ask('GET / HTTP/1.1', 'Host:')).authority?.name, '')
    assert.deepEqual(accepted(ask('GET / HTTP/1.1', 'hOsT:A.Test.:8080')).authority, {
      name: 'a.test',
      port: 8080,
      text: 'A.Test.:8080',
    })
  })

  test('needs none in HTTP/1.0, where an absolute target gives one', () => {
    assert.equal(accepted(ask('GET / HTTP/1.0')).authority, undefined)
    assert.equal(accepted(ask('GET http://a.test:81/ HTTP/1.0')).authority?.text, 'a.test:81')
    assert.equal(scan(ask('GET / HTTP/1.0', 'Host: a b')), 'BadRequest')
  })
})

suite('RequestScanner: field syntax', () => {
  const refused: [what: string, line: string][] = [
    ['a line folded', 'X-A: b\r\n c'],
    ['a line folded by tab', 'X-A: b\r\n\tc'],
    ['a blank before the colon', 'X-A : b'],
    ['a blank before the name', ' X-A: b'],
    ['an empty name', ': b'],
    ['no colon', 'X-A'],
    ['a name that is no token', 'X(A): b'],
    ['a name above ASCII', 'X-\u{E9}: b'],
    ['a NUL in a name', 'X\0A: b'],
    ['a NUL in a value', 'X-A: \0'],
    ['a control octet in a value', 'X-A: \x01'],
    ['DEL in a value', 'X-A: \x7F'],
    ['a bare CR in a value', 'X-A: b\rXC: d'],
    ['a bare CR that hides a framing field', 'X-A: b\rXTransfer-Encoding: chunked'],
    ['a bare CR at the end of a value', 'X-A: b\r'],
    ['a bare LF', 'X-A: b\nX-C: d'],
    ['a CR at the start of a line', '\rX-A: b'],
  ]
  for (const [what, line] of refused) test(`refuses ${what}`, () => assert.equal(scan(get(line)), 'BadRequest'))

  test('answers where a head ends, and refuses one whose end is not there', () => {
    const bytes = Buffer.from(`${get('X-A: b')}GET /`)
    const scanner = new RequestScanner(limits)
    const headEnd = bytes.length - 'GET /'.length
    for (let end = 0; end <= bytes.length; end++)
      assert.equal(scanner.scan(bytes, 0, end), end < headEnd ? -1 : headEnd, `of ${end} octets`)
  })

  test('refuses a field too many, and takes as many as allowed', () => {
    const most = Array.from({ length: 127 }, () => 'A: b')
    assert.equal(scan(get(...most, 'A: b')), 'HeadTooLarge')
    assert.equal(accepted(get(...most)).lines.length, 127 * 6)
  })

  test('keeps spelling and order, and prints what is not written canonically anew', () => {
    const lines = ['x-B: 1', 'Accept:2', 'C:  3\t', 'D:', 'E!#$%&\'*+-.^`|~: \u{E9} \t"', 'F: 4 ']
    assert.equal(
      accepted(get(...lines)).lines,
      'x-B: 1\r\nAccept: 2\r\nC: 3\r\nD: \r\nE!#$%&\'*+-.^`|~: \u{E9} \t"\r\nF: 4\r\n',
    )
  })

  test('scans from the middle of a buffer', () => {
    const bytes = Buffer.from(`junk${get('A: b')}junk`)
    const scanner = new RequestScanner(limits)
    assert.equal(scanner.scan(bytes, 4, bytes.length - 4), bytes.length - 4)
    assert.equal(scanner.head.lines, 'A: b\r\n')
  })

  test('has no head before the first scan', () => {
    assert.throws(() => new RequestScanner(limits).head, TypeError)
  })

  test('forgets the last scan', () => {
    const scanner = new RequestScanner(limits)
    const all = Buffer.from(
      'POST http://a.test/a?b HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\nConnection: close, Upgrade, X-N\r\n' +
        'Upgrade: websocket\r\nTE: trailers\r\nX-Request-ID: 1\r\nX-Lintel-Hops: 3\r\nExpect: 100-continue\r\nX-N: 1\r\n\r\n',
    )
    const plain = Buffer.from(ask('GET / HTTP/1.0', 'X-N: 1'))
    scanner.scan(all, 0, all.length)
    assert.equal(scanner.scan(plain, 0, plain.length), plain.length)
    assert.deepEqual(scanner.head, accepted(plain.toString()))
    assert.equal(scanner.head.lines, 'X-N: 1\r\n')
  })
})

suite('RequestScanner: framing', () => {
  const refused: [what: string, lines: string[]][] = [
    ['both framings', ['Content-Length: 5', 'Transfer-Encoding: chunked']],
    ['both framings the other way round', ['Transfer-Encoding: chunked', 'Content-Length: 0']],
    ...['+5', '-5', '5 5', '5, 5', '0x5', '05', '00', '', '5a', '1e3', '5.0', ' ', '9999999999999999', '\u{B2}'].map(
      (length): [string, string[]] => [`Content-Length ${JSON.stringify(length)}`, [`Content-Length: ${length}`]],
    ),
    ['two equal lengths', ['Content-Length: 5', 'content-length: 5']],
    ['two lengths of nothing', ['Content-Length: 0', 'Content-Length: 0']],
    ...[
      'gzip',
      'gzip, chunked',
      'chunked, gzip',
      'chunked, chunked',
      'identity',
      'chunked;a=b',
      'chunked,',
      ',chunked',
      'xchunked',
      '"chunked"',
      "'chunked'",
      '',
      'chunked\x0b',
    ].map((coding): [string, string[]] => [
      `Transfer-Encoding ${JSON.stringify(coding)}`,
      [`Transfer-Encoding: ${coding}`],
    ]),
    ['two codings', ['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked']],
    ['two codings of which one is plain', ['Transfer-Encoding: identity', 'Transfer-Encoding: chunked']],
  ]
  for (const [what, lines] of refused)
    test(`refuses ${what}`, () => assert.equal(scan(ask('POST / HTTP/1.1', 'Host: a', ...lines)), 'BadRequest'))

  test('refuses chunked in HTTP/1.0', () => {
    assert.equal(scan(ask('POST / HTTP/1.0', 'Host: a', 'Transfer-Encoding: chunked')), 'BadRequest')
  })

  test('reads a length, no length, and chunked in any case', () => {
    for (const [lines, length, given] of [
      [[], 0, false],
      [['Content-Length: 0'], 0, true],
      [['content-length:\t999999999999999 '], 999_999_999_999_999, true],
      [['TRANSFER-ENCODING: cHuNkEd'], chunked, false],
    ] as const) {
      const head = accepted(get(...lines))
      assert.deepEqual([head.bodyLength, head.lengthGiven, head.lines], [length, given, ''])
    }
  })

  test('takes no alias of a framing field for the field, nor lets it pass', () => {
    for (const name of ['Content_Length', 'Content.Length', 'Transfer_Encoding', 'Transfer!Encoding']) {
      const head = accepted(get(`${name}: 5`))
      assert.deepEqual([head.bodyLength, head.lines, head.dropped.at(-1)], [0, '', { name, reason: 'alias' }])
    }
  })
})

suite('RequestScanner: Expect', () => {
  test('is for HTTP/1.1 with a body, and goes no further', () => {
    for (const [head, expected] of [
      [post('HTTP/1.1', 'Expect: 100-Continue'), true],
      [post('HTTP/1.1'), false],
      [post('HTTP/1.0', 'Expect: 100-continue'), false],
      [post('HTTP/1.0', 'Expect: else'), false],
      [scan(get('Expect: 100-continue')), false],
    ] as const) {
      assert.ok(typeof head !== 'string')
      assert.deepEqual([head.expectContinue, head.lines], [expected, ''])
    }
  })

  test('is refused if it asks for anything else, or twice', () => {
    for (const lines of [
      ['Expect: x'],
      ['Expect:'],
      ['Expect: 100-continue, x'],
      ['Expect: 100-continue', 'Expect: 100-continue'],
    ])
      assert.equal(post('HTTP/1.1', ...lines), 'BadRequest')
  })
})

const saying = (name: string, values: readonly string[]): RequestHead =>
  accepted(get(...values.map((text) => `${name}: ${text}`)))
const hops = (...values: string[]): number => saying('X-Lintel-Hops', values).hops
const id = (...values: string[]): string | undefined => saying('X-Request-ID', values).requestId
const welcome = (...values: string[]): boolean => saying('TE', values).acceptsTrailers
const switches = (line: string, ...lines: string[]): boolean => accepted(ask(line, 'Host: a', ...lines)).websocket

suite('RequestScanner: what else a head says', () => {
  test('an absolute form names a host, also where Host is empty', () => {
    assert.equal(scan(ask('GET http:///a HTTP/1.1', 'Host:')), 'BadRequest')
    assert.equal(scan(ask('GET http://? HTTP/1.0')), 'BadRequest')
  })

  test('hops are the highest number said, and many if it is none', () => {
    assert.deepEqual([hops(), hops('3'), hops('0'), hops('7', '2')], [0, 3, 0, 7])
    for (const text of ['', '-1', '1,2', '1e3', '99999', 'a']) assert.equal(hops(text, '1'), 10_000, text)
  })

  test('a switch to WebSocket is a GET of HTTP/1.1 without a body that asks for nothing else', () => {
    const both = ['Connection: keep-alive, Upgrade', 'Upgrade: WebSocket']
    assert.equal(switches('GET / HTTP/1.1', ...both), true)
    assert.equal(switches('GET / HTTP/1.1', ...both, 'Content-Length: 0'), true)
    assert.equal(switches('GET / HTTP/1.1', ...both, 'Content-Length: 1'), false)
    assert.equal(switches('GET / HTTP/1.1', ...both, 'Transfer-Encoding: chunked'), false)
    assert.equal(switches('POST / HTTP/1.1', ...both), false)
    assert.equal(switches('GET / HTTP/1.0', ...both), false)
    assert.equal(switches('GET / HTTP/1.1', ...both, 'Upgrade: h2c'), false)
    assert.equal(switches('GET / HTTP/1.1', 'Connection: upgrade', 'Upgrade: websocket, h2c'), false)
    assert.equal(switches('GET / HTTP/1.1', 'Connection: close', 'Upgrade: websocket'), false)
  })

  test('a request id is taken over if it is one token of 128 octets at most', () => {
    assert.equal(id('a'.repeat(128)), 'a'.repeat(128))
    for (const values of [[], [''], ['a'.repeat(129)], ['a b'], ['a"'], ['\u{E9}'], ['a', 'a']])
      assert.equal(id(...values), undefined, values.join('|'))
  })

  test('trailers are welcome if TE says so, in whatever line', () => {
    assert.deepEqual([welcome(), welcome('gzip'), welcome('xtrailers')], [false, false, false])
    assert.deepEqual(
      [welcome('Trailers'), welcome('gzip;q=1, trailers'), welcome('trailers', 'gzip')],
      [true, true, true],
    )
  })
})

test('RequestScanner looks at nothing behind the octets that it is given', () => {
  const scanner = new RequestScanner(limits)
  const head = ask('POST /a?b=c HTTP/1.1', 'Host: a.test', 'Content-Length: 1', 'X-Real-IP:\t1 ', 'Connection: b')
  assertStaysWithin(head, (bytes, end) => scanner.scan(bytes, 0, end))
})
