import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import fc from 'fast-check'

import type { DropReason, RequestFault, RequestHead } from './message.ts'
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

const persists = (version: string, ...connection: string[]): boolean =>
  accepted(ask(`GET / ${version}`, 'Host: a', ...connection.map((text) => `Connection: ${text}`))).persistent
const idOf = (...ids: string[]): unknown => accepted(get(...ids.map((id) => `X-Request-ID: ${id}`))).requestId
const hopsOf = (...hops: string[]): number => accepted(get(...hops.map((text) => `X-Lintel-Hops: ${text}`))).hops

suite('RequestScanner: which fields go on', () => {
  const drops: [name: string, reason: DropReason][] = [
    ...[
      'Connection',
      'Keep-Alive',
      'Proxy-Connection',
      'Proxy-Authenticate',
      'Proxy-Authorization',
      'TE',
      'Trailer',
    ].map((name): [string, DropReason] => [name, 'hop-by-hop']),
    ['Upgrade', 'hop-by-hop'],
    ['HTTP2-Settings', 'hop-by-hop'],
    ...['Forwarded', 'X-Forwarded-For', 'X-Forwarded-Host', 'X-Forwarded-Port', 'X-Forwarded-Proto'].map(
      (name): [string, DropReason] => [name, 'managed'],
    ),
    ...[
      'X-Forwarded-Scheme',
      'X-Forwarded-Prefix',
      'X-Forwarded-Whatever',
      'X-Real-IP',
      'X-Request-ID',
      'X-Scheme',
    ].map((name): [string, DropReason] => [name, 'managed']),
    ...['X-Original-URI', 'X-Original-URL', 'X-Original-Forwarded-For', 'X-Rewrite-URL', 'Proxy', 'X-Lintel-Hops'].map(
      (name): [string, DropReason] => [name, 'managed'],
    ),
    ...['Ssl-Client-Verify', 'ssl-client-cert', 'True-Client-IP', 'X-Client-IP', 'X-Cluster-Client-IP'].map(
      (name): [string, DropReason] => [name, 'managed'],
    ),
    ...['Client-IP', 'Forwarded-For', 'Proxy-Client-IP', 'WL-Proxy-Client-IP', 'X-Forwarded'].map(
      (name): [string, DropReason] => [name, 'managed'],
    ),
    ...['Client_IP', 'Forwarded.For', 'WL-Proxy_Client-IP', 'X_Forwarded'].map((name): [string, DropReason] => [
      name,
      'alias',
    ]),
    ...['X_Forwarded_For', 'X-Forwarded_For', 'X.Real.IP', 'X!Real~IP', 'SSL_CLIENT_VERIFY', 'Proxy_Authorization'].map(
      (name): [string, DropReason] => [name, 'alias'],
    ),
    ...['X_A', '_', 'Set_Cookie', '_Host', 'Host_'].map((name): [string, DropReason] => [name, 'underscore']),
  ]
  for (const [name, reason] of drops)
    test(`${name} does not, in any case, and says why`, () => {
      for (const spelled of [name, name.toLowerCase(), name.toUpperCase()]) {
        const head = accepted(get('A: b', `${spelled}: 1`, 'C: d'))
        assert.deepEqual([head.lines, head.dropped], ['A: b\r\nC: d\r\n', [{ name: spelled, reason }]])
      }
    })

  test('all others do', () => {
    const lines = [
      'Accept: */*',
      'Cookie: a=b',
      'Authorization: x',
      'traceparent: 00',
      'Via: 1.1 x',
      'X: y',
      'X-Real: 1',
    ]
      .concat(
        'X.Y: z',
        'Sec-WebSocket-Key: x',
        'CF-Connecting-IP: 192.0.2.1',
        'Client-IPs: 1',
        'SSL: 1',
        'Proxys: 1',
        'Hosts: 1',
        'Connections: close',
        'T: 1',
        'Date: x',
      )
      .join('\r\n')
    const head = accepted(get(lines))
    assert.deepEqual([head.lines, head.dropped], [`${lines}\r\n`, []])
  })

  test('what Connection nominates does not, before or after it, in any case', () => {
    const head = accepted(
      get('X-A: 1', 'Connection: x-a,, COOKIE', 'B: 2', 'Cookie: c', 'connection: b', 'x-a: 3', 'D: 4'),
    )
    assert.equal(head.lines, 'D: 4\r\n')
    assert.deepEqual(
      head.dropped.filter(({ reason }) => reason === 'nominated').map(({ name }) => name),
      ['X-A', 'B', 'Cookie', 'x-a'],
    )
  })

  test('Connection cannot strip what frames and routes', () => {
    const head = accepted(
      ask(
        'POST / HTTP/1.1',
        'Connection: Host, Content-Length, Transfer-Encoding, close',
        'Host: a',
        'Content-Length: 3',
      ),
    )
    assert.deepEqual([head.authority?.name, head.bodyLength, head.persistent], ['a', 3, false])
  })

  test('fields that go on in other words are not dropped', () => {
    assert.deepEqual(accepted(get('Content-Length: 0')).dropped, [])
    assert.deepEqual(accepted(get('Transfer-Encoding: chunked')).dropped, [])
  })
})

suite('RequestScanner: what is read from fields', () => {
  test('a connection persists in 1.1 unless closed, in 1.0 if asked for', () => {
    assert.equal(persists('HTTP/1.1'), true)
    assert.equal(persists('HTTP/1.1', 'CLOSE'), false)
    assert.equal(persists('HTTP/1.1', 'keep-alive', 'a, close'), false)
    assert.equal(persists('HTTP/1.1', '"close"'), true)
    assert.equal(persists('HTTP/1.0'), false)
    assert.equal(persists('HTTP/1.0', 'Keep-Alive'), true)
    assert.equal(persists('HTTP/1.0', 'keep-alive, close'), false)
  })

  const upgrade = ['Connection: keep-alive, Upgrade', 'Upgrade: WebSocket', 'Sec-WebSocket-Key: x']
  test('a switch to WebSocket', () => {
    const head = accepted(get(...upgrade))
    assert.deepEqual([head.websocket, head.lines], [true, 'Sec-WebSocket-Key: x\r\n'])
  })

  const plain: [what: string, head: string][] = [
    ['by POST', ask('POST / HTTP/1.1', 'Host: a', ...upgrade)],
    ['in HTTP/1.0', ask('GET / HTTP/1.0', 'Host: a', ...upgrade)],
    ['with a length', get(...upgrade, 'Content-Length: 1')],
    ['with chunks', get(...upgrade, 'Transfer-Encoding: chunked')],
    ['that Connection does not name', get('Upgrade: websocket')],
    ['to h2c', get('Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABk')],
    ['to one of two', get('Connection: upgrade', 'Upgrade: websocket, h2c')],
    ['to one of two lines', get('Connection: upgrade', 'Upgrade: h2c', 'Upgrade: websocket')],
    ['to a version', get('Connection: upgrade', 'Upgrade: websocket/13')],
    ['by an alias', get('Connection: upgrade', 'Upgrade_: websocket')],
  ]
  for (const [what, text] of plain)
    test(`a switch ${what} is a plain request`, () => {
      const head = accepted(text)
      assert.equal(head.websocket, false)
      assert.doesNotMatch(head.lines, /upgrade|settings|h2c/i)
    })

  test('TE: trailers', () => {
    assert.equal(accepted(get()).acceptsTrailers, false)
    assert.equal(accepted(get('TE: deflate')).acceptsTrailers, false)
    assert.equal(accepted(get('TE: deflate, Trailers')).acceptsTrailers, true)
    assert.equal(accepted(get('TE: trailers', 'TE: gzip')).acceptsTrailers, true)
  })

  test('a request id of 1 to 128 token characters', () => {
    assert.equal(idOf('a-B_9.~'), 'a-B_9.~')
    assert.equal(idOf('a'.repeat(128)), 'a'.repeat(128))
    for (const ids of [[], [''], ['a'.repeat(129)], ['a b'], ['a"'], ['\u{E9}'], ['a', 'a']])
      assert.equal(idOf(...ids), undefined)
  })

  test('hops, of which an odd number counts as many', () => {
    assert.equal(hopsOf(), 0)
    assert.equal(hopsOf('3'), 3)
    assert.equal(hopsOf('3', '1'), 3)
    for (const odd of ['', '-1', 'x', '99999', '1e3', '1, 2']) assert.ok(hopsOf(odd) > 1_000)
  })
})

suite('RequestScanner: credentials', () => {
  for (const [credentials, binds] of [
    ['Negotiate YIIB', true],
    ['negotiate', true],
    ['NTLM TlRM', true],
    ['ntlm\tTlRM', true],
    ['Negotiated YIIB', false],
    ['Bearer negotiate', false],
    ['Basic bnRsbQ==', false],
    ['', false],
  ] as const)
    test(`${JSON.stringify(credentials)} ${binds ? 'authenticate the connection' : 'are of the request'}, and go on`, () => {
      const head = accepted(get(`Authorization: ${credentials}`))
      assert.equal(head.bindsConnection, binds)
      assert.equal(head.lines, `Authorization: ${credentials}\r\n`)
    })

  test('one of several is enough, and none is carried over to the next request', () => {
    assert.equal(accepted(get('Authorization: NTLM a', 'Authorization: Basic b')).bindsConnection, true)
    const scanner = new RequestScanner(limits)
    for (const binds of [true, false]) {
      const bytes = Buffer.from(get(...(binds ? ['Authorization: NTLM a'] : [])))
      assert.equal(scanner.scan(bytes, 0, bytes.length), bytes.length)
      assert.equal(scanner.head.bindsConnection, binds)
    }
  })
})

suite('RequestScanner: whatever comes', () => {
  const scanner = new RequestScanner(limits)
  const pieces = fc.constantFrom(
    'GET / HTTP/1.1\r\nHost: a\r\n',
    'Transfer-Encoding: chunked\r\n',
    'Content-Length: 5\r\n',
    'Connection: x-a, close\r\n',
    'X-A: b\r\n',
    'X_Forwarded-For: b\r\n',
    'Expect: 100-continue\r\n',
    'A:b \r\n',
    '\r\n',
    '\r',
    '\n',
    '\0',
    ' ',
    ':',
    'a',
    '\u{FF}',
  )

  test('does not throw, accepts only whole heads, and what it accepted it reads again as the same', () => {
    let found = 0
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        const bytes = Buffer.from(`GET / HTTP/1.1\r\nHost: a\r\n${parts.join('')}\r\n`, 'latin1')
        const after = scanner.scan(bytes, 0, bytes.length)
        if (after < 0) return
        found++
        const { head } = scanner
        assert.equal(bytes.indexOf('\r\n\r\n'), after - 4)
        const again = accepted(
          ask('GET / HTTP/1.1', 'Host: a', ...head.lines.split('\r\n').filter((line) => line !== '')),
        )
        assert.deepEqual([again.lines, again.dropped], [head.lines, []])
      }),
      { numRuns: 3_000, seed: 20_261_124 },
    )
    assert.ok(found > 100)
  })

  test('a good head with one octet changed is refused or is still one head', () => {
    const good = Buffer.from(get('Content-Length: 5', 'Connection: x-a', 'X-A: b', 'Cookie: c'))
    fc.assert(
      fc.property(fc.nat({ max: good.length - 1 }), fc.nat({ max: 255 }), (at, octet) => {
        const bytes = Buffer.from(good)
        bytes[at] = octet
        if (scanner.scan(bytes, 0, bytes.length) < 0) return
        assert.match(scanner.head.lines, /^(?:[^\s\0:]+: [^\r\n\0]*\r\n)*$/)
      }),
      { numRuns: 3_000, seed: 20_261_124 },
    )
  })

  test('a name that is never to go on is never in the lines', () => {
    const names = fc.constantFrom(
      'host',
      'te',
      'upgrade',
      'forwarded',
      'x-forwarded-for',
      'x-real-ip',
      'ssl-client-cert',
      'proxy',
    )
    const marks = fc.array(fc.constantFrom('-', '_', '.', '~', '!'), { minLength: 4, maxLength: 4 })
    fc.assert(
      fc.property(names, marks, fc.boolean(), (name, mark, upper) => {
        const parts = name.split('-')
        const spelled = parts
          .map((part, index) => `${part}${index + 1 < parts.length ? (mark[index] ?? '') : ''}`)
          .join('')
        const head = scan(ask('GET / HTTP/1.0', `${upper ? spelled.toUpperCase() : spelled}: a`))
        assert.ok(typeof head !== 'string')
        assert.equal(head.lines, '')
      }),
      { seed: 20_261_124 },
    )
  })

  test('64 KiB of options and nominations take linear time', () => {
    const options = Array.from({ length: 250 }, (_, at) => `o${at}`).join(',')
    const head = get(
      ...Array.from({ length: 60 }, () => `Connection: ${options}`),
      ...Array.from({ length: 60 }, () => 'A: b'),
    )
    assert.equal(accepted(head).lines.length, 60 * 6)
  })
})
