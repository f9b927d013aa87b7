import { casesOf, get, head } from '../hostile-case.ts'
import type { HostileCase } from '../hostile-case.ts'

const { refused, answered, passed } = casesOf('B')
const other = { line: 'GET /', service: 'other', host: 'b.test' } as const

/** One host: the one that routes is the one that the upstream sees (RFC 9112 3.2). */
export const hosts: readonly HostileCase[] = [...wrongCount(), ...malformed(), ...wellFormed(), ...absoluteForm()]

function raw(...lines: readonly string[]): string {
  return `GET / HTTP/1.1\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n`
}

function wrongCount(): HostileCase[] {
  return [
    refused('ho-missing', 'HTTP/1.1 without Host', raw('A: b')),
    refused('ho-twice', 'two hosts that differ', raw('Host: a.test', 'Host: b.test')),
    refused(
      'ho-twice-equal',
      'two that agree: which one the next reader takes is its own affair',
      raw('Host: a.test', 'Host: a.test'),
    ),
    refused('ho-twice-apart', 'two with other fields between', raw('Host: a.test', 'A: b', 'Host: b.test')),
    refused('ho-twice-case', 'HOST is Host', raw('Host: a.test', 'HOST: b.test')),
    refused('ho-twice-empty', 'one of the two is empty', raw('Host: a.test', 'Host:')),
    refused('ho-space-colon', 'a space before the colon hides one', raw('Host: a.test', 'Host : b.test')),
    refused('ho-space-colon-alone', 'a space before the colon', raw('Host : a.test')),
    refused('ho-fold', 'a second host in a folded line', raw('Host: a.test\r\n b.test')),
    refused('ho-fold-first', 'Host as a fold of the request line', raw(' Host: b.test', 'Host: a.test')),
    refused('ho-lf', 'a second host behind a bare LF', raw('Host: a.test\nHost: b.test')),
    refused('ho-cr', 'a second host behind a bare CR', raw('Host: a.test\rHost: b.test')),
    refused('ho-10-twice', 'HTTP/1.0 with two', 'GET / HTTP/1.0\r\nHost: a.test\r\nHost: b.test\r\n\r\n'),
    passed('ho-alias', 'a field that CGI would not fold to Host is no host', raw('Host: a.test', 'X-Host: evil.test'), {
      line: 'GET /',
    }),
    passed(
      'ho-forwarded',
      'X-Forwarded-Host routes nothing',
      raw('Host: a.test', 'X-Forwarded-Host: b.test'),
      { line: 'GET /', has: ['X-Forwarded-Host: a.test'] },
      { never: ['b.test'] },
    ),
  ]
}

function malformed(): HostileCase[] {
  const values: readonly (readonly [id: string, host: string, why: string])[] = [
    ['comma', 'a.test, b.test', 'a list'],
    ['comma-tight', 'a.test,b.test', 'a list without a space'],
    ['userinfo', 'a.test@b.test', 'user information'],
    ['userinfo-password', 'a:b@b.test', 'user and password'],
    ['path', 'a.test/b', 'a path'],
    ['query', 'a.test?b', 'a query'],
    ['fragment', 'a.test#b.test', 'a fragment'],
    ['backslash', 'a.test\\b.test', 'a backslash, which browsers take for a slash'],
    ['scheme', 'http://a.test', 'a whole URL'],
    ['space', 'a.test b.test', 'two words'],
    ['tab', 'a.test\tb.test', 'two words, by a tab'],
    ['port-letter', 'a.test:80a', 'a port that is none'],
    ['port-empty', 'a.test:', 'an empty port'],
    ['port-plus', 'a.test:+80', 'a sign in the port'],
    ['port-minus', 'a.test:-80', 'a negative port'],
    ['port-large', 'a.test:65616', 'a port that wraps to 80'],
    ['port-long', 'a.test:000080', 'six digits of port'],
    ['port-twice', 'a.test:80:80', 'two ports'],
    ['port-only', ':80', 'a port without a name'],
    ['port-host', 'a.test:b.test', 'a name for a port'],
    ['percent', 'a%2etest', 'a percent code'],
    ['percent-nul', 'a.test%00.b.test', 'a coded NUL'],
    ['nul', 'a.test\0.b.test', 'NUL'],
    ['high', 'a.t\xe9st', 'a name beyond ASCII'],
    ['utf8', 'b\xc3\xbccher.test', 'a Unicode name: it has a punycode form'],
    ['del', 'a.test\x7f', 'a control octet'],
    ['quote', 'a.test"', 'a quote'],
    ['single-quote', "a.test'", 'a single quote'],
    ['angle', '<script>', 'markup'],
    ['semicolon', 'a.test;b', 'a parameter'],
    ['equals', 'a=b', 'an equals sign'],
    ['star', '*.test', 'a wildcard, which is no host'],
    ['dollar', '${jndi:ldap://b.test}', 'an expression'],
    ['bracket-open', '[::1', 'a bracket that never closes'],
    ['bracket-close', '::1]', 'a bracket that never opens'],
    ['ipv6-bare', '::1', 'an IPv6 address without brackets'],
    ['ipv6-zone', '[fe80::1%25eth0]', 'an IPv6 zone'],
    ['ipv6-long', '[1:2:3:4:5:6:7:8:9]', 'nine groups'],
    ['ipv6-name', '[a.test]', 'a name in brackets'],
    ['ipv6-after', '[::1]a.test', 'octets after the brackets'],
    ['ipv6-before', 'a.test[::1]', 'octets before the brackets'],
    ['ipvfuture', '[v1.a]', 'an address of the future'],
    ['long', 'a'.repeat(300), 'a name beyond 255 octets'],
  ]
  return values.map(([id, host, why]) => refused(`ho-${id}`, why, raw(`Host: ${host}`)))
}

function wellFormed(): HostileCase[] {
  return [
    answered('ho-unknown', 'a host that no rule has', raw('Host: c.test'), 404),
    answered('ho-empty', 'the empty host is a host; no rule has it', raw('Host:'), 404),
    answered('ho-two-dots', 'two dots at the end are another name', raw('Host: a.test..'), 404),
    answered('ho-dot-first', 'a dot before it is another name', raw('Host: .a.test'), 404),
    answered('ho-ip', 'an address is no name of ours', raw('Host: 127.0.0.1'), 404),
    answered('ho-ipv6', 'nor is an IPv6 address', raw('Host: [::1]:80'), 404),
    answered('ho-sub', 'a name below ours is not ours', raw('Host: b.a.test'), 404),
    answered('ho-suffix', 'a name that ends like ours is not ours', raw('Host: evila.test'), 404),
    answered('ho-prefix', 'a name that begins like ours is not ours', raw('Host: a.test.evil'), 404),
    passed('ho-case', 'names have no case, with many hosts as with few', raw('Host: A.TeSt'), { line: 'GET /' }),
    passed('ho-case-other', 'the same for another host', raw('hOsT: B.TEST'), other),
    passed('ho-port', 'a port is not part of the name', raw('Host: a.test:8443'), { line: 'GET /' }),
    passed('ho-dot', 'the dot of the root is not part of the name', raw('Host: b.test.'), other),
    passed('ho-blanks', 'blanks around it are not part of it', raw('Host: \t a.test \t'), {
      line: 'GET /',
      has: ['Host: a.test'],
    }),
    passed('ho-tight', 'no blank at all', raw('Host:b.test'), other),
    passed('ho-last', 'Host need not be first', raw('A: b', 'Host: b.test'), other),
    passed('ho-10', 'HTTP/1.0 may have one', 'GET / HTTP/1.0\r\nHost: b.test\r\n\r\n', other, { closes: true }),
    passed('ho-switch', 'each request of a connection has its own', raw('Host: a.test') + raw('Host: b.test'), [
      { line: 'GET /' },
      other,
    ]),
  ]
}

function absolute(target: string, ...lines: readonly string[]): string {
  return `GET ${target} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`
}

function absoluteForm(): HostileCase[] {
  return [
    refused('ho-abs-form-mismatch', 'target and Host differ', absolute('http://a.test/', 'Host: b.test')),
    refused(
      'ho-abs-form-mismatch-reversed',
      'they differ the other way round',
      absolute('http://b.test/', 'Host: a.test'),
    ),
    refused('ho-abs-form-port', 'they differ in the port', absolute('http://a.test:81/', 'Host: a.test')),
    refused('ho-abs-form-port-host', 'they differ in the other port', absolute('http://a.test/', 'Host: a.test:81')),
    refused('ho-abs-form-no-host', 'Host is wanted all the same', absolute('http://a.test/', 'A: b')),
    refused('ho-abs-form-empty-host', 'an empty Host is another host', absolute('http://a.test/', 'Host:')),
    refused(
      'ho-abs-form-userinfo',
      'user information in the target',
      absolute('http://b.test@a.test/', 'Host: a.test'),
    ),
    refused('ho-abs-form-userinfo-host', 'user information in both', absolute('http://a@a.test/', 'Host: a@a.test')),
    refused(
      'ho-abs-form-backslash',
      'a backslash ends the authority for browsers',
      absolute('http://a.test\\@b.test/', 'Host: a.test'),
    ),
    refused('ho-abs-form-fragment', 'a fragment', absolute('http://a.test#/', 'Host: a.test')),
    refused('ho-abs-form-port-bad', 'a port that is none', absolute('http://a.test:a/', 'Host: a.test')),
    refused('ho-abs-form-port-empty', 'an empty port', absolute('http://a.test:/', 'Host: a.test')),
    refused('ho-abs-form-percent', 'a coded host', absolute('http://%61.test/', 'Host: a.test')),
    refused(
      'ho-abs-form-twice',
      'two hosts beside the target',
      absolute('http://a.test/', 'Host: a.test', 'Host: a.test'),
    ),
    refused('ho-abs-form-nested', 'a URL in a URL', absolute('http://http://a.test/', 'Host: a.test')),
    passed(
      'ho-abs-form',
      'target and Host agree: the path goes on, in origin form',
      absolute('http://a.test/x?y', 'Host: a.test'),
      { line: 'GET /x?y' },
    ),
    passed('ho-abs-form-case', 'they agree but for case', absolute('HTTP://B.test/', 'Host: b.TEST'), other),
    passed('ho-abs-form-no-path', 'no path is the root', absolute('http://a.test', 'Host: a.test'), { line: 'GET /' }),
    passed('ho-abs-form-query', 'no path but a query', absolute('http://a.test?a', 'Host: a.test'), {
      line: 'GET /?a',
    }),
    passed(
      'ho-abs-form-https',
      'the scheme of the target changes nothing: this came over HTTP',
      absolute('https://a.test/', 'Host: a.test'),
      { line: 'GET /', has: ['X-Forwarded-Proto: http'] },
    ),
    answered(
      'ho-abs-form-guard',
      'a guarded path in absolute form is guarded',
      absolute('http://a.test/admin', 'Host: a.test'),
      503,
    ),
    answered(
      'ho-abs-form-dots',
      'dot segments in absolute form too',
      absolute('http://a.test/x/../admin', 'Host: a.test'),
      400,
    ),
    passed('ho-abs-form-options', 'OPTIONS in absolute form', head('OPTIONS http://a.test/ HTTP/1.1'), {
      line: 'OPTIONS /',
    }),
    passed('ho-abs-form-double', 'a path that looks like an authority is a path', get('//b.test/'), {
      line: 'GET //b.test/',
    }),
  ]
}
