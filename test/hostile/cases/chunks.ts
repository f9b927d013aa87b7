import { casesOf, chunk, chunkedPost, get, smuggled } from '../hostile-case.ts'
import type { HostileCase, Seen } from '../hostile-case.ts'

const { refused, cut, passed } = casesOf('A')
const { passed: identified } = casesOf('B')
const size = smuggled.length.toString(16)
const last = '0\r\n\r\n'
const whole = chunk(smuggled) + last

/** Inside a chunked body nothing is forgiven (RFC 9112 7.1). The body always spells a request. */
export const chunks: readonly HostileCase[] = [
  ...sizeLines(),
  ...lineEnds(),
  ...extensions(),
  ...extensionFloods(),
  ...wellFormed(),
  ...trailers(),
  ...incomplete(),
]

function sizeLines(): HostileCase[] {
  const sizes: readonly (readonly [id: string, line: string, why: string])[] = [
    ['plus', `+${size}`, 'a sign'],
    ['minus', `-${size}`, 'a negative size'],
    ['minus-zero', '-0', 'minus nothing ends the body for some'],
    ['0x', `0x${size}`, 'a mark of hexadecimal'],
    ['0x-zero', '0x0', 'its last chunk'],
    ['empty', '', 'no size at all'],
    ['space-first', ` ${size}`, 'a space before'],
    ['tab-first', `\t${size}`, 'a tab before'],
    ['space-last', `${size} `, 'a space after, which some forgive'],
    ['tab-last', `${size}\t`, 'a tab after'],
    ['letter', `${size}g`, 'a letter that is no digit: strtol stops there'],
    ['not-hex', 'xyz', 'no digit at all'],
    ['underscore', '2_b', 'a separator'],
    ['comma', `${size},`, 'a comma'],
    ['dot', `${size}.0`, 'a fraction'],
    ['quoted', `"${size}"`, 'quotes'],
    ['nul', `${size}\0`, 'NUL after it'],
    ['nul-first', `\0${size}`, 'NUL before it'],
    ['vt', `\v${size}`, 'a vertical tab'],
    ['high', `${size}\xff`, 'an octet beyond ASCII'],
    ['full-width', '\xef\xbc\x92\xef\xbc\xa2', 'full-width digits'],
    ['colon', `${size}:a`, 'a field instead of a size'],
    ['two', `${size} ${size}`, 'two sizes'],
    ['2-53', '20000000000001', 'beyond the numbers that are exact in JavaScript'],
    ['2-64', `1${'0'.repeat(16 - size.length)}${size}`, 'wraps to the true size in 64 bits'],
    ['2-32', `1${'0'.repeat(8 - size.length)}${size}00000000`, 'wraps in 32 bits'],
    ['long-digits', 'f'.repeat(200), 'two hundred digits'],
    ['zeros-many', `${'0'.repeat(300)}${size}`, 'three hundred leading zeros'],
  ]
  return sizes.map(([id, line, why]) => refused(`ck-size-${id}`, why, chunkedPost(`${line}\r\n${smuggled}\r\n${last}`)))
}

function lineEnds(): HostileCase[] {
  return [
    refused('ck-lf-size', 'LF alone after a size', chunkedPost(`${size}\n${smuggled}\r\n${last}`)),
    refused('ck-lf-data', 'LF alone after the data', chunkedPost(`${size}\r\n${smuggled}\n${last}`)),
    refused('ck-lf-all', 'LF alone throughout', chunkedPost(`${size}\n${smuggled}\n0\n\n`)),
    refused('ck-lf-last', 'LF alone after the last size', chunkedPost(`${chunk(smuggled)}0\n\r\n`)),
    refused('ck-lf-end', 'LF alone at the end', chunkedPost(`${chunk(smuggled)}0\r\n\n`)),
    refused('ck-cr-size', 'CR alone after a size', chunkedPost(`${size}\r${smuggled}\r\n${last}`)),
    refused('ck-cr-cr', 'CR twice', chunkedPost(`${size}\r\r\n${smuggled}\r\n${last}`)),
    refused('ck-lf-cr', 'LF before CR', chunkedPost(`${size}\n\r${smuggled}\r\n${last}`)),
    refused('ck-no-end', 'no line end after the data', chunkedPost(`${size}\r\n${smuggled}${last}`)),
    refused(
      'ck-any-two',
      'two other octets after the data, which some skip unseen',
      chunkedPost(`${size}\r\n${smuggled}XX${last}`),
    ),
    refused('ck-more-data', 'data beyond its size', chunkedPost(`${size}\r\n${smuggled}x\r\n${last}`)),
    refused(
      'ck-one-short',
      'a size one too small',
      chunkedPost(`${(smuggled.length - 1).toString(16)}\r\n${smuggled}\r\n${last}`),
    ),
    refused(
      'ck-one-long',
      'a size one too large',
      chunkedPost(`${(smuggled.length + 1).toString(16)}\r\n${smuggled}\r\n${last}`),
    ),
    refused('ck-blank-between', 'a blank line between chunks', chunkedPost(`${chunk(smuggled)}\r\n${last}`)),
    refused('ck-space-end', 'a space on the last line', chunkedPost(`${chunk(smuggled)}0\r\n \r\n\r\n`)),
    refused(
      'ck-garbage-end',
      'octets where the blank line should be',
      chunkedPost(`${chunk(smuggled)}0\r\nXX\r\n\r\n`),
    ),
  ]
}

function extensions(): HostileCase[] {
  const bad: readonly (readonly [id: string, extension: string, why: string])[] = [
    ['bare', ';', 'a semicolon and nothing after it'],
    ['bare-two', ';;', 'two of them'],
    ['no-name', ';=a', 'a value without a name'],
    ['no-value', ';a=', 'a name without its value'],
    ['space', '; a', 'a blank in the extension'],
    ['space-before', ' ;a', 'a blank before it'],
    ['space-equals', ';a =b', 'a blank before the equals sign'],
    ['unclosed', ';a="b', 'a quote that never closes'],
    ['quote-cr', ';a="\r"', 'CR inside quotes'],
    ['quote-lf', ';a="\n"', 'LF inside quotes: some end the line there'],
    ['quote-crlf', `;a="\r\n${smuggled}0\r\n\r\n"`, 'a line end inside quotes, with a request behind it'],
    ['cr', ';a\rb', 'a bare CR in the extension'],
    ['lf', ';a\nb', 'a bare LF in the extension'],
    ['lf-only', ';\n', 'LF after the semicolon'],
    ['nul', ';a\0', 'NUL in the extension'],
    ['high', ';\xff=a', 'a name beyond ASCII'],
    ['colon', ';a:b', 'a colon in the name'],
    ['after-quote', ';a="b"c', 'octets after the closing quote'],
  ]
  return bad.map(([id, extension, why]) => refused(`ck-ext-${id}`, why, chunkedPost(chunk(smuggled, extension) + last)))
}

function extensionFloods(): HostileCase[] {
  const small = chunk('x', `;${'a'.repeat(200)}`)
  return [
    refused(
      'ck-ext-long',
      'an extension longer than a size line may be',
      chunkedPost(chunk(smuggled, `;${'a'.repeat(300)}`) + last),
    ),
    refused('ck-ext-endless', 'an extension that does not end', chunkedPost(`${size};${'a'.repeat(70_000)}`)),
    refused(
      'ck-ext-many-params',
      'a hundred extensions on one line',
      chunkedPost(chunk(smuggled, ';a=b'.repeat(100)) + last),
    ),
    refused('ck-ext-many', 'extensions of a whole body beyond 16 KiB', chunkedPost(small.repeat(90) + last)),
  ]
}

function wellFormed(): HostileCase[] {
  const tiny = smuggled
    .split('')
    .map((octet) => chunk(octet))
    .join('')
  const seen: Seen = { line: 'POST /', body: smuggled, has: ['Transfer-Encoding: chunked'] }
  return [
    passed('ck-good', 'a chunk that spells a request is a chunk', chunkedPost(whole), seen),
    passed('ck-tiny', 'a chunk an octet', chunkedPost(tiny + last), seen),
    passed('ck-upper', 'digits in upper case', chunkedPost(`${size.toUpperCase()}\r\n${smuggled}\r\n${last}`), seen),
    passed(
      'ck-leading-zeros',
      'a few leading zeros have one meaning; we print our own',
      chunkedPost(`000${size}\r\n${smuggled}\r\n${last}`),
      seen,
    ),
    passed('ck-zeros-last', 'zeros are zero', chunkedPost(`${chunk(smuggled)}000\r\n\r\n`), seen),
    passed(
      'ck-ext-dropped',
      'an extension ends with us',
      chunkedPost(chunk(smuggled, ';evil=1;b="c;d\\""') + last),
      seen,
      { never: ['evil'] },
    ),
    passed('ck-ext-last', 'also that of the last chunk', chunkedPost(`${chunk(smuggled)}0;evil\r\n\r\n`), seen, {
      never: ['evil'],
    }),
    passed('ck-empty', 'no chunk at all', chunkedPost(last), { ...seen, body: '' }),
    passed('ck-last-data', 'data that looks like the last chunk', chunkedPost(chunk(`\r\n${last}`) + last), {
      ...seen,
      body: `\r\n${last}`,
    }),
    passed('ck-then-good', 'what follows a chunked body is the next request', chunkedPost(whole) + get('/second'), [
      seen,
      { line: 'GET /second' },
    ]),
    passed('ck-many', 'two thousand chunks in linear time', chunkedPost(chunk('x').repeat(2_000) + last), {
      ...seen,
      body: 'x'.repeat(2_000),
    }),
  ]
}

function withTrailer(...lines: readonly string[]): string {
  return chunkedPost(
    `${chunk(smuggled)}0\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n`,
    'TE: trailers',
    'Connection: TE',
  )
}

/** Trailers never become fields of the head, and what routes, frames, authenticates or is managed never goes on. */
function trailers(): HostileCase[] {
  const dropped: readonly (readonly [id: string, line: string])[] = [
    ['host', 'Host: evil.test'],
    ['cl', 'Content-Length: evil'],
    ['te', 'Transfer-Encoding: evil'],
    ['auth', 'Authorization: evil'],
    ['cookie', 'Cookie: evil'],
    ['xff', 'X-Forwarded-For: evil'],
    ['real-ip', 'X-Real-IP: evil'],
    ['client-ip', 'Client-IP: evil'],
    ['alias-client-ip', 'Client_IP: evil'],
    ['forwarded', 'Forwarded: evil'],
    ['proto', 'X-Forwarded-Proto: evil'],
    ['original-url', 'X-Original-URL: /evil'],
    ['client-cert', 'Ssl-Client-Verify: evil'],
    ['connection', 'Connection: evil'],
    ['upgrade', 'Upgrade: evil'],
    ['expect', 'Expect: evil'],
    ['content-type', 'Content-Type: evil'],
    ['alias', 'X_Forwarded_For: evil'],
    ['alias-dot', 'X.Real.IP: evil'],
    ['alias-cl', 'Content_Length: evil'],
  ]
  const bad: readonly (readonly [id: string, line: string, why: string])[] = [
    ['space-colon', 'A : b', 'a space before the colon'],
    ['no-colon', 'evil', 'a line that is no field'],
    ['fold', 'A: b\r\n c', 'a folded trailer'],
    ['lf', 'A: b\nEvil: c', 'a bare LF in a trailer'],
    ['cr', 'A: b\rEvil: c', 'a bare CR in a trailer'],
    ['nul', 'A: \0', 'NUL in a trailer'],
    ['request', smuggled.slice(0, -4), 'a request line among trailers'],
    ['long', `A: ${'a'.repeat(20_000)}`, 'a trailer section beyond 16 KiB'],
    ['many', Array.from({ length: 100 }, (_, at) => `A${at}: b`).join('\r\n'), 'more than 64 trailers'],
  ]
  const seen: Seen = { line: 'POST /', body: smuggled, trailers: [] }
  return [
    ...dropped.map(([id, line]) =>
      identified(`ck-trailer-${id}`, `${line.split(':')[0]} says nothing in a trailer`, withTrailer(line), seen, {
        never: ['evil'],
      }),
    ),
    ...bad.map(([id, line, why]) => refused(`ck-trailer-bad-${id}`, why, withTrailer(line))),
    passed(
      'ck-trailer-good',
      'a trailer that may go on does, to one who says that it takes them',
      withTrailer('X-Sum: 1'),
      { ...seen, trailers: ['X-Sum: 1'] },
    ),
    identified(
      'ck-trailer-mixed',
      'only what may go on goes on',
      withTrailer('X-Sum: 1', 'X-Real-IP: evil'),
      { ...seen, trailers: ['X-Sum: 1'] },
      { never: ['evil'] },
    ),
    passed(
      'ck-trailer-unasked',
      'without TE they end with us',
      chunkedPost(`${chunk(smuggled)}0\r\nX-Sum: 1\r\n\r\n`),
      seen,
    ),
  ]
}

function incomplete(): HostileCase[] {
  return [
    cut('ck-no-last', 'chunks without the last one are no body', chunkedPost(chunk(smuggled))),
    cut('ck-cut-size', 'cut inside a size', chunkedPost(`${chunk(smuggled)}1`)),
    cut('ck-cut-data', 'cut inside the data', chunkedPost(`${size}\r\n${smuggled.slice(0, 5)}`)),
    cut('ck-cut-crlf', 'cut between CR and LF', chunkedPost(`${size}\r\n${smuggled}\r`)),
    cut('ck-cut-last', 'cut after the last size', chunkedPost(`${chunk(smuggled)}0\r\n`)),
    cut('ck-cut-trailer', 'cut inside a trailer', chunkedPost(`${chunk(smuggled)}0\r\nA: b\r\n`)),
    cut('ck-cut-end', 'cut one octet before the end', chunkedPost(`${chunk(smuggled)}0\r\n\r`)),
  ]
}
