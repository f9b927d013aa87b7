import { casesOf, get, head } from '../hostile-case.ts'
import type { HostileCase } from '../hostile-case.ts'

const { refused, passed, answered } = casesOf('A')

/** One method, one space, one target, one space, one version (RFC 9112 3). */
export const requestLine: readonly HostileCase[] = [
  ...badLines(),
  ...goodLines(),
  ...methods(),
  ...limits(),
  ...noise(),
]

function badLines(): HostileCase[] {
  const lines: readonly (readonly [id: string, line: string, why: string])[] = [
    ['double-space', 'GET  / HTTP/1.1', 'two spaces: the target is empty for some'],
    ['double-space-version', 'GET /  HTTP/1.1', 'two spaces before the version'],
    ['tab', 'GET\t/ HTTP/1.1', 'a tab for the space'],
    ['tab-version', 'GET /\tHTTP/1.1', 'a tab before the version'],
    ['space-first', ' GET / HTTP/1.1', 'a space before the method'],
    ['space-last', 'GET / HTTP/1.1 ', 'a space after the version'],
    ['vt', 'GET\v/ HTTP/1.1', 'a vertical tab for the space'],
    ['ff', 'GET\f/ HTTP/1.1', 'a form feed for the space'],
    ['cr', 'GET\r/ HTTP/1.1', 'a bare CR for the space'],
    ['cr-inside', 'GET /a\rb HTTP/1.1', 'a bare CR in the target'],
    ['lf-inside', 'GET /a\nb HTTP/1.1', 'a bare LF in the target'],
    ['nul', 'GET /a\0b HTTP/1.1', 'NUL in the target'],
    ['nul-method', 'GE\0T / HTTP/1.1', 'NUL in the method'],
    ['space-target', 'GET /a b HTTP/1.1', 'a space in the target'],
    ['version-in-target', 'GET / HTTP/1.1 HTTP/1.1', 'the version twice: the first is part of the target for some'],
    ['smuggled-line', 'GET /?a HTTP/1.1 /b HTTP/1.1', 'a second target'],
    ['no-version', 'GET /', 'HTTP/0.9'],
    ['no-target', 'GET HTTP/1.1', 'no target'],
    ['only-method', 'GET', 'nothing but a method'],
    ['version-2', 'GET / HTTP/2.0', 'a version of another protocol'],
    ['version-3', 'GET / HTTP/3.0', 'a version of yet another'],
    ['version-09', 'GET / HTTP/0.9', 'HTTP/0.9 by name'],
    ['version-12', 'GET / HTTP/1.2', 'a minor version that does not exist'],
    ['version-11x', 'GET / HTTP/1.1x', 'octets after the version'],
    ['version-011', 'GET / HTTP/01.1', 'a leading zero in the version'],
    ['version-1-10', 'GET / HTTP/1.10', 'two digits of minor version'],
    ['version-lower', 'GET / http/1.1', 'the version in lower case'],
    ['version-comma', 'GET / HTTP/1,1', 'a comma in the version'],
    ['version-plus', 'GET / HTTP/+1.1', 'a sign in the version'],
    ['version-space', 'GET / HTTP/ 1.1', 'a space in the version'],
    ['version-bare', 'GET / HTTP/1', 'no minor version'],
    ['version-https', 'GET / HTTPS/1.1', 'another protocol name'],
    ['version-icy', 'GET / ICY/1.1', 'a protocol that some accept'],
    ['version-rtsp', 'GET / RTSP/1.0', 'a protocol that looks like HTTP'],
    ['method-colon', 'GET: / HTTP/1.1', 'a method that is no token'],
    ['method-high', 'G\xcbT / HTTP/1.1', 'a method beyond ASCII'],
    ['method-slash', 'GET/POST / HTTP/1.1', 'a separator in the method'],
    ['method-quoted', '"GET" / HTTP/1.1', 'quotes around the method'],
    ['target-relative', 'GET a HTTP/1.1', 'a target that is no form of RFC 9112 3.2'],
    ['target-dot', 'GET ../admin HTTP/1.1', 'a relative path'],
    ['target-question', 'GET ?a HTTP/1.1', 'a query alone'],
    ['target-star', 'GET * HTTP/1.1', 'the asterisk is for OPTIONS'],
    ['target-star-path', 'OPTIONS *a HTTP/1.1', 'more than an asterisk'],
    ['target-authority', 'GET a.test:80 HTTP/1.1', 'authority form is for CONNECT'],
    ['target-backslash', 'GET \\admin HTTP/1.1', 'a backslash for the first slash'],
    ['target-ftp', 'GET ftp://a.test/ HTTP/1.1', 'a scheme that we do not serve'],
    ['target-file', 'GET file:///etc/passwd HTTP/1.1', 'a file is none of our business'],
    ['target-scheme-only', 'GET http: HTTP/1.1', 'a scheme without authority'],
    ['target-one-slash', 'GET http:/a.test/ HTTP/1.1', 'one slash after the scheme'],
    ['target-no-host', 'GET http:///admin HTTP/1.1', 'an absolute form without a host'],
  ]
  return lines.map(([id, line, why]) => refused(`rl-${id}`, why, head(line)))
}

function goodLines(): HostileCase[] {
  return [
    passed(
      'rl-options-star',
      'the asterisk form is answered or goes on as it is; here no rule takes it',
      head('OPTIONS * HTTP/1.1'),
      [],
      { answers: [404] },
    ),
    passed('rl-query-odd', 'a query may hold slashes, questions and dots', get('/?/../admin?a=//b'), {
      line: 'GET /?/../admin?a=//b',
    }),
    passed('rl-query-empty', 'an empty query stays', get('/?'), { line: 'GET /?' }),
    passed(
      'rl-10',
      'HTTP/1.0 is answered and closed; upstream it is 1.1',
      head('GET / HTTP/1.0'),
      { line: 'GET /' },
      { closes: true },
    ),
    passed('rl-10-keep-alive', 'HTTP/1.0 that asks may stay', head('GET / HTTP/1.0', 'Connection: keep-alive'), {
      line: 'GET /',
    }),
    answered('rl-10-no-host', 'HTTP/1.0 without Host has the empty host', 'GET / HTTP/1.0\r\n\r\n', 404, {
      closes: true,
    }),
  ]
}

function methods(): HostileCase[] {
  return [
    refused('rl-connect', 'a forward proxy we are not', head('CONNECT a.test:80 HTTP/1.1'), 405),
    refused('rl-connect-origin', 'CONNECT with a path', head('CONNECT / HTTP/1.1'), 405),
    refused(
      'rl-connect-body',
      'CONNECT with a body that would reach a pooled connection',
      head('CONNECT a.test:80 HTTP/1.1', 'Content-Length: 5') + 'hello',
      405,
    ),
    refused('rl-connect-absolute', 'CONNECT to ourselves', head('CONNECT http://a.test/ HTTP/1.1'), 405),
    refused('rl-trace', 'TRACE shows the client what we added', head('TRACE / HTTP/1.1'), 405),
    refused('rl-trace-body', 'TRACE may not have a body', head('TRACE / HTTP/1.1', 'Content-Length: 5') + 'hello', 405),
    passed('rl-method-unknown', 'any other token is a method', head('BREW /pot HTTP/1.1'), { line: 'BREW /pot' }),
    passed('rl-method-lower', 'methods are case-sensitive and go on as they are', head('get / HTTP/1.1'), {
      line: 'get /',
    }),
    passed('rl-method-connect-lower', 'connect is not CONNECT', head('connect / HTTP/1.1'), { line: 'connect /' }),
    passed('rl-method-symbols', 'all token octets are allowed', head("M-SEARCH!#$%&'*+.^_`|~ / HTTP/1.1"), {
      line: "M-SEARCH!#$%&'*+.^_`|~ /",
    }),
    passed('rl-pri', 'a method PRI with a path is no preface of HTTP/2', head('PRI / HTTP/1.1'), { line: 'PRI /' }),
    refused(
      'rl-h2-preface',
      'the preface of HTTP/2 on a port that speaks HTTP/1.1',
      'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    ),
    refused('rl-tls-hello', 'TLS on the plain port', '\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00\n\r\n'),
    refused(
      'rl-proxy-protocol',
      'a PROXY line that nobody asked for',
      `PROXY TCP4 6.6.6.6 127.0.0.1 1 80\r\n${get('/')}`,
    ),
  ]
}

function limits(): HostileCase[] {
  return [
    refused('rl-long', 'a target beyond 16 KiB', get(`/${'a'.repeat(17_000)}`), 414),
    refused('rl-long-query', 'a query beyond 16 KiB', get(`/?${'a'.repeat(17_000)}`), 414),
    refused('rl-long-method', 'a method beyond 16 KiB', head(`${'A'.repeat(17_000)} / HTTP/1.1`), 414),
    refused('rl-long-endless', 'a line that never ends', `GET /${'a'.repeat(70_000)}`, 414),
    passed('rl-long-enough', 'a target of 15 KiB passes', get(`/?${'a'.repeat(15_000)}`), {
      line: `GET /?${'a'.repeat(15_000)}`,
    }),
  ]
}

function noise(): HostileCase[] {
  return [
    passed('rl-crlf-first', 'one blank line before a request is forgiven (RFC 9112 2.2)', `\r\n${get('/')}`, {
      line: 'GET /',
    }),
    refused('rl-crlf-twice-first', 'a second one is not', `\r\n\r\n${get('/')}`),
    refused('rl-lf-first', 'a bare LF before it is not', `\n${get('/')}`),
    refused('rl-cr-first', 'nor is a bare CR', `\r${get('/')}`),
    refused('rl-nul-first', 'nor NUL', `\0${get('/')}`),
    refused('rl-bom', 'nor a byte order mark', `\xef\xbb\xbf${get('/')}`),
    refused('rl-lf-line', 'a bare LF ends no line', `GET / HTTP/1.1\nHost: a.test\r\n\r\n`),
    refused('rl-lf-all', 'LF alone throughout', `GET / HTTP/1.1\nHost: a.test\n\n`),
    refused('rl-cr-all', 'CR alone throughout, then an LF', `GET / HTTP/1.1\rHost: a.test\r\r\n\r\n`),
    refused('rl-garbage', 'octets that mean nothing', '\x80\xff\xfe\r\n\r\n'),
    refused('rl-answer', 'an answer instead of a request', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'),
  ]
}
