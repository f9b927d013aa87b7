import { casesOf, get } from '../hostile-case.ts'
import type { HostileCase } from '../hostile-case.ts'

const { refused, passed } = casesOf('A')
const { passed: passedAs } = casesOf('B')
const seen = { line: 'GET /' }

/** A field line is a name, a colon and a value (RFC 9112 5); what is not is refused, never dropped or mended. */
export const fields: readonly HostileCase[] = [
  ...badNames(),
  ...badValues(),
  ...badLines(),
  ...limits(),
  ...aliases(),
  ...repeated(),
  ...kept(),
]

function badNames(): HostileCase[] {
  const names: readonly (readonly [id: string, name: string, why: string])[] = [
    ['empty', '', 'a line that begins with a colon'],
    ['space-colon', 'A ', 'a space before the colon'],
    ['tab-colon', 'A\t', 'a tab before the colon'],
    ['space-inside', 'A B', 'a space inside'],
    ['nul', 'A\0', 'NUL'],
    ['del', 'A\x7f', 'DEL'],
    ['high', 'A\xe9', 'an octet beyond ASCII'],
    ['nbsp', 'A\xa0', 'a no-break space before the colon'],
    ['quote', '"A"', 'quotes'],
    ['paren', 'A(b)', 'a comment'],
    ['slash', 'A/b', 'a slash'],
    ['bracket', 'A[b]', 'brackets, which PHP reads as an array'],
    ['brace', '{A}', 'braces'],
    ['at', 'A@b', 'an at sign'],
    ['comma', 'A,b', 'a comma'],
    ['semicolon', 'A;b', 'a semicolon'],
    ['equals', 'A=b', 'an equals sign'],
    ['backslash', 'A\\b', 'a backslash'],
    ['question', 'A?', 'a question mark'],
    ['angle', '<A>', 'angle brackets'],
    ['cr', 'A\rB', 'a bare CR'],
    ['lf', 'A\nB', 'a bare LF'],
    ['vt', 'A\v', 'a vertical tab'],
    ['escape', '\x1bA', 'an escape'],
  ]
  return names.map(([id, name, why]) => refused(`hs-name-${id}`, `in a name: ${why}`, get('/', `${name}: b`)))
}

function badValues(): HostileCase[] {
  const values: readonly (readonly [id: string, value: string, why: string])[] = [
    ['nul', 'a\0b', 'NUL ends it for some'],
    ['nul-last', 'a\0', 'NUL at its end'],
    ['cr', 'a\rb', 'a bare CR'],
    ['cr-last', 'a\r', 'CR before CRLF'],
    ['cr-header', 'a\rX-Evil: b', 'a field behind a bare CR'],
    ['lf', 'a\nX-Evil: b', 'a field behind a bare LF'],
    ['lf-lf', 'a\n\nGET /smuggled HTTP/1.1', 'a request behind two bare LFs'],
    ['del', 'a\x7f', 'DEL'],
    ['bell', 'a\x07', 'a bell'],
    ['backspace', 'a\x08', 'a backspace'],
    ['escape', 'a\x1b[31m', 'an escape sequence for terminals'],
    ['vt', 'a\vb', 'a vertical tab'],
    ['ff', 'a\fb', 'a form feed'],
    ['soh', '\x01', 'a control octet alone'],
  ]
  return values.map(([id, value, why]) => refused(`hs-value-${id}`, `in a value: ${why}`, get('/', `A: ${value}`)))
}

function badLines(): HostileCase[] {
  const lines: readonly (readonly [id: string, line: string, why: string])[] = [
    ['no-colon', 'A', 'no colon'],
    ['no-colon-cl', 'Content-Length 5', 'a framing field without its colon'],
    ['fold', 'A: b\r\n c', 'a folded line'],
    ['fold-tab', 'A: b\r\n\tc', 'folded by a tab'],
    ['fold-empty', 'A: b\r\n ', 'a fold of nothing'],
    ['fold-colon', 'A\r\n : b', 'folded before the colon'],
    ['fold-request', 'A: b\r\n GET /smuggled HTTP/1.1', 'a request in a fold'],
    ['space-first', ' A: b', 'a line that begins with a space'],
    ['tab-first', '\tA: b', 'a line that begins with a tab'],
    ['cr-only', 'A: b\r', 'CR twice at the end'],
    ['lf-only', 'A: b\nB: c', 'a line that ends in LF alone'],
    ['crlf-lf', 'A: b\r\n\n', 'a blank line of LF alone'],
    ['cr-blank', 'A: b\r\n\rB: c', 'a blank line of CR alone'],
    ['blank-space', 'A: b\r\n \r\nB: c', 'a blank line that holds a space'],
    ['request-line', 'GET / HTTP/1.1', 'a request line among fields'],
    ['colon-only', ':', 'a colon and nothing else'],
  ]
  return lines.map(([id, line, why]) => refused(`hs-line-${id}`, why, get('/', line)))
}

function many(count: number): string[] {
  return Array.from({ length: count }, (_, at) => `A${at}: b`)
}

function limits(): HostileCase[] {
  return [
    refused('hs-many', 'more than 128 fields', get('/', ...many(140)), 431),
    refused(
      'hs-many-same',
      'more than 128 of one name',
      get('/', ...Array.from({ length: 140 }, () => 'Cookie: a')),
      431,
    ),
    refused('hs-many-empty', 'more than 128 empty ones', get('/', ...Array.from({ length: 140 }, () => 'A:')), 431),
    refused('hs-long-value', 'a head beyond 64 KiB by one value', get('/', `A: ${'b'.repeat(66_000)}`), 431),
    refused('hs-long-name', 'a head beyond 64 KiB by one name', get('/', `${'A'.repeat(66_000)}: b`), 431),
    refused(
      'hs-long-sum',
      'a head beyond 64 KiB by many lines',
      get('/', ...many(100).map((line) => line + 'b'.repeat(700))),
      431,
    ),
    refused(
      'hs-long-endless',
      'a value that never ends',
      `GET / HTTP/1.1\r\nHost: a.test\r\nA: ${'b'.repeat(100_000)}`,
      431,
    ),
    passed('hs-many-enough', 'a hundred fields pass', get('/', ...many(100)), { ...seen, has: ['A0: b', 'A99: b'] }),
    passed('hs-long-enough', 'a value of 6 KiB passes', get('/', `A: ${'b'.repeat(6_000)}`), {
      ...seen,
      has: [`A: ${'b'.repeat(6_000)}`],
    }),
  ]
}

function aliases(): HostileCase[] {
  const names: readonly (readonly [id: string, name: string, why: string])[] = [
    ['underscore-user', 'X_User', 'any name with an underscore: CGI cannot tell it from X-User'],
    ['underscore-auth', 'X_Auth_Request_User', 'what an authentication service would set'],
    ['underscore-first', '_A', 'an underscore first'],
    ['underscore-last', 'A_', 'an underscore last'],
    ['underscore-only', '_', 'an underscore alone'],
    ['alias-host', 'Host_', 'no alias of Host, but an underscore'],
    ['alias-te', 'transfer_encoding', 'an alias of Transfer-Encoding'],
    ['alias-te-dot', 'transfer.encoding', 'with a dot'],
    ['alias-te-tilde', 'Transfer~Encoding', 'with another token octet'],
    ['alias-cl', 'CONTENT_LENGTH', 'an alias of Content-Length'],
    ['alias-cl-dot', 'Content.Length', 'with a dot'],
    ['alias-cl-plus', 'Content+Length', 'with a plus sign'],
  ]
  return names.map(([id, name, why]) =>
    passedAs(
      `hs-${id}`,
      why,
      get('/', `${name}: alias1`),
      seen,
      id.startsWith('underscore') ? {} : { never: ['alias1'] },
    ),
  )
}

function repeated(): HostileCase[] {
  const pairs: readonly (readonly [id: string, first: string, second: string, why: string])[] = [
    ['authorization', 'Authorization: a', 'Authorization: b', 'both go on, in order: nothing is chosen in secret'],
    ['cookie', 'Cookie: a=1', 'Cookie: b=2', 'crumbs of a cookie'],
    ['content-type', 'Content-Type: text/plain', 'Content-Type: text/html', 'both types go on'],
    ['case', 'A: a', 'a: b', 'names that differ in case stay two lines'],
    ['range', 'Range: bytes=0-1', 'Range: bytes=2-3', 'two ranges'],
  ]
  return pairs.map(([id, first, second, why]) =>
    passedAs(`hs-dup-${id}`, why, get('/', first, second), { ...seen, has: [first, second] }),
  )
}

function kept(): HostileCase[] {
  const lines: readonly (readonly [id: string, line: string, as: string, why: string])[] = [
    ['empty', 'A:', 'A: ', 'an empty value'],
    ['tight', 'A:b', 'A: b', 'no blank after the colon: we print one'],
    ['blanks', 'A: \t b c \t', 'A: b c', 'blanks around a value are not part of it'],
    ['colon', 'A: b:c', 'A: b:c', 'a colon in a value'],
    ['colon-first', 'A:: b', 'A: : b', 'a colon at its start'],
    ['obs-text', 'A: \xe9\xff', 'A: \xe9\xff', 'octets beyond ASCII in a value (RFC 9110 5.5) are the client’s own'],
    ['symbols', "!#$%&'*+-.^`|~: b", "!#$%&'*+-.^`|~: b", 'a name of every token octet but the underscore'],
    ['proto', '__proto__: a', '', 'a name that is a trap in JavaScript, and has underscores'],
    ['constructor', 'constructor: a', 'constructor: a', 'another such name'],
    ['tostring', 'toString: a', 'toString: a', 'and another'],
    ['digits', '123: a', '123: a', 'a name of digits'],
    ['quotes', 'A: "b, \\" c"', 'A: "b, \\" c"', 'quotes are no concern of a proxy'],
    ['jndi', 'User-Agent: ${jndi:ldap://x}', 'User-Agent: ${jndi:ldap://x}', 'an expression is text'],
    ['tab-inside', 'A: b\tc', 'A: b\tc', 'a tab inside a value is allowed'],
  ]
  return lines.map(([id, line, as, why]) =>
    passed(`hs-ok-${id}`, why, get('/', line), { ...seen, has: as === '' ? [] : [as] }),
  )
}
