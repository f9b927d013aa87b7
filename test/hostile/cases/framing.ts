import { casesOf, chunk, chunkedPost, get, head, post, smuggled } from '../hostile-case.ts'
import type { HostileCase } from '../hostile-case.ts'

const { refused, cut, passed } = casesOf('A')
const length = smuggled.length
const inChunk = `${chunk(smuggled)}0\r\n\r\n`

/** Where a body ends must never depend on who reads (RFC 9112 6.3). */
export const framing: readonly HostileCase[] = [
  ...both(),
  ...transferEncodings(),
  ...contentLengths(),
  ...repeatedLengths(),
  ...incomplete(),
  passed('fr-cl-zero', 'a length of nothing is a length', post(['Content-Length: 0'], ''), {
    line: 'POST /',
    body: '',
  }),
  passed('fr-cl-good', 'a body that looks like a request is a body', post([`Content-Length: ${length}`], smuggled), {
    line: 'POST /',
    body: smuggled,
    has: [`Content-Length: ${length}`],
  }),
  passed(
    'fr-cl-blanks',
    'blanks around a value are not part of it',
    post([`Content-Length: \t ${length} \t`], smuggled),
    {
      line: 'POST /',
      body: smuggled,
      has: [`Content-Length: ${length}`],
    },
  ),
  passed(
    'fr-cl-get',
    'a GET may have a body, which is not the next request',
    get('/', `Content-Length: ${length}`) + smuggled,
    {
      line: 'GET /',
      body: smuggled,
    },
  ),
  passed('fr-te-get', 'a GET may have a chunked body', get('/', 'Transfer-Encoding: chunked') + inChunk, {
    line: 'GET /',
    body: smuggled,
  }),
  passed(
    'fr-te-case',
    'codings are the same in any case; what leaves is our own spelling',
    post(['tRANSFER-eNCODING: ChUnKeD'], inChunk),
    {
      line: 'POST /',
      body: smuggled,
      has: ['Transfer-Encoding: chunked'],
    },
  ),
  passed(
    'fr-none-post',
    'a POST without framing has no body: what follows is a request',
    post([], '') + get('/second'),
    [{ line: 'POST /' }, { line: 'GET /second' }],
  ),
  passed(
    'fr-cl-delete',
    'DELETE with a body keeps it',
    head('DELETE / HTTP/1.1', `Content-Length: ${length}`) + smuggled,
    {
      line: 'DELETE /',
      body: smuggled,
    },
  ),
]

function both(): HostileCase[] {
  const empty = `0\r\n\r\n${smuggled}`
  return [
    refused(
      'fr-cl-te',
      'both: one reads a length, the other chunks',
      post([`Content-Length: ${empty.length}`, 'Transfer-Encoding: chunked'], empty),
    ),
    refused(
      'fr-te-cl',
      'both, in the other order',
      post(['Transfer-Encoding: chunked', `Content-Length: ${empty.length}`], empty),
    ),
    refused(
      'fr-cl-te-short',
      'both: the length ends before the chunks do',
      post(['Content-Length: 4', 'Transfer-Encoding: chunked'], inChunk),
    ),
    refused(
      'fr-cl-zero-te',
      'both: a length of nothing does not make it harmless',
      post(['Content-Length: 0', 'Transfer-Encoding: chunked'], inChunk),
    ),
    refused(
      'fr-cl-te-identity',
      'both, and a coding that says nothing',
      post([`Content-Length: ${length}`, 'Transfer-Encoding: identity'], smuggled),
    ),
    refused(
      'fr-cl-te-get',
      'both, in a GET',
      get('/', `Content-Length: ${empty.length}`, 'Transfer-Encoding: chunked') + empty,
    ),
    refused(
      'fr-cl-te-apart',
      'both, with other fields between',
      post([`Content-Length: ${empty.length}`, 'A: b', 'C: d', 'Transfer-Encoding: chunked'], empty),
    ),
    refused(
      'fr-cl-te-nominated',
      'both, and Connection asks to drop the length',
      post(['Connection: Content-Length', `Content-Length: ${empty.length}`, 'Transfer-Encoding: chunked'], empty),
    ),
    refused('fr-te-10', 'HTTP/1.0 has no chunks', head('POST / HTTP/1.0', 'Transfer-Encoding: chunked') + inChunk),
    refused(
      'fr-te-10-keep-alive',
      'nor has HTTP/1.0 that stays',
      head('POST / HTTP/1.0', 'Connection: keep-alive', 'Transfer-Encoding: chunked') + inChunk,
    ),
    refused(
      'fr-te-10-cl',
      'HTTP/1.0 with both',
      head('POST / HTTP/1.0', 'Transfer-Encoding: chunked', `Content-Length: ${length}`) + smuggled,
    ),
  ]
}

/** Transfer-Encoding is exactly one `chunked`, or the request is refused. */
function transferEncodings(): HostileCase[] {
  const values: readonly (readonly [id: string, value: string, why: string])[] = [
    ['gzip-chunked', 'gzip, chunked', 'a coding that we do not undo would go on unseen'],
    ['chunked-gzip', 'chunked, gzip', 'chunked is not last, so the end is unknown'],
    ['chunked-chunked', 'chunked, chunked', 'chunked twice'],
    ['identity', 'identity', 'identity is gone from HTTP since RFC 7230'],
    ['identity-chunked', 'identity, chunked', 'a list is read differently by different servers'],
    ['chunked-identity', 'chunked, identity', 'the last coding decides for some, any for others'],
    ['gzip', 'gzip', 'the end of the body is unknown'],
    ['unknown', 'cow', 'an unknown coding'],
    ['empty', '', 'an empty value is no coding'],
    ['comma', ',', 'an empty list'],
    ['comma-first', ',chunked', 'an empty element before it'],
    ['comma-last', 'chunked,', 'an empty element after it'],
    ['param', 'chunked;q=1', 'chunked takes no parameter'],
    ['param-bare', 'chunked;', 'nor an empty one'],
    ['quoted', '"chunked"', 'a quoted text is no token'],
    ['single-quoted', "'chunked'", 'quotes are token octets: another coding'],
    ['prefix', 'xchunked', 'a coding that ends like it'],
    ['suffix', 'chunkedx', 'a coding that begins like it'],
    ['two-words', 'chunked foo', 'two words'],
    ['colon', ': chunked', 'a second colon'],
    ['vt', '\vchunked', 'a vertical tab is no blank'],
    ['vt-last', 'chunked\v', 'a vertical tab after it'],
    ['ff', 'chunked\f', 'a form feed is no blank'],
    ['nul', 'chunked\0', 'what follows NUL is unseen by some'],
    ['nul-first', '\0chunked', 'NUL before it'],
    ['cr', 'chunked\r', 'a bare CR'],
    ['nbsp', '\xa0chunked', 'a no-break space is no blank'],
    ['high', 'chunked\xff', 'an octet beyond ASCII'],
    ['delete', 'chunked\x7f', 'DEL is a control octet'],
    ['kelvin', 'chun\xe2\x84\xaaed', 'the Kelvin sign folds to k in Unicode'],
    ['backspace', 'chunkedx\x08', 'a backspace hides what is before it in logs'],
    ['folded', '\r\n chunked', 'a folded line'],
    ['folded-tab', '\r\n\tchunked', 'folded by a tab'],
    ['lf', '\nchunked', 'a bare LF inside'],
  ]
  return [
    ...values.map(([id, value, why]) => refused(`fr-te-${id}`, why, post([`Transfer-Encoding: ${value}`], inChunk))),
    refused(
      'fr-te-twice',
      'the same coding in two fields',
      post(['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'], inChunk),
    ),
    refused(
      'fr-te-twice-identity',
      'two fields that differ',
      post(['Transfer-Encoding: chunked', 'Transfer-Encoding: identity'], inChunk),
    ),
    refused(
      'fr-te-twice-cow',
      'an unknown coding in a field of its own',
      post(['Transfer-Encoding: cow', 'Transfer-Encoding: chunked'], inChunk),
    ),
    refused(
      'fr-te-space-colon',
      'a space before the colon hides the field from some',
      post(['Transfer-Encoding : chunked', `Content-Length: ${length}`], smuggled),
    ),
    refused(
      'fr-te-tab-colon',
      'a tab before the colon',
      post(['Transfer-Encoding\t: chunked', `Content-Length: ${length}`], smuggled),
    ),
    refused(
      'fr-te-leading-space',
      'a first field that begins with a space belongs to no field',
      head('POST / HTTP/1.1', ' Transfer-Encoding: chunked') + inChunk,
    ),
    refused(
      'fr-te-nul-name',
      'NUL inside the name',
      post(['Transfer\0-Encoding: chunked', `Content-Length: ${length}`], smuggled),
    ),
    refused(
      'fr-te-cr-name',
      'a bare CR before the name',
      post(['A: b\rTransfer-Encoding: chunked', `Content-Length: ${length}`], smuggled),
    ),
    refused(
      'fr-te-lf-name',
      'a bare LF before the name makes a line for some',
      post(['A: b\nTransfer-Encoding: chunked', `Content-Length: ${length}`], smuggled),
    ),
    passed(
      'fr-te-underscore',
      'an alias of Transfer-Encoding never goes on: CGI folds it',
      post(['Transfer_Encoding: chunked', `Content-Length: ${length}`], smuggled),
      { line: 'POST /', body: smuggled },
      { never: ['Transfer_Encoding'] },
    ),
    passed(
      'fr-te-dot',
      'nor does one with a dot',
      post(['Transfer.Encoding: chunked', `Content-Length: ${length}`], smuggled),
      { line: 'POST /', body: smuggled },
      { never: ['Transfer.Encoding'] },
    ),
  ]
}

/** Content-Length is canonical digits, or the request is refused. Each says the true length in its own way. */
function contentLengths(): HostileCase[] {
  const values: readonly (readonly [id: string, value: string, why: string])[] = [
    ['plus', `+${length}`, 'a sign: strtol takes it, others do not'],
    ['minus', `-${length}`, 'a negative length'],
    ['minus-zero', '-0', 'minus nothing'],
    ['hex', `0x${length.toString(16)}`, 'hexadecimal for strtol with base 0'],
    ['hex-bare', length.toString(16).padStart(3, 'a'), 'hexadecimal without its mark'],
    ['octal', `0${length}`, 'a leading zero: an octal reader sees another length'],
    ['zeros', `000000${length}`, 'many leading zeros'],
    ['empty', '', 'an empty length'],
    ['dot', `${length}.0`, 'a fraction'],
    ['exponent', '4e1', 'an exponent, which JavaScript would read'],
    ['separator', '4_0', 'a separator, which other languages read'],
    ['space-inside', '4 0', 'two numbers'],
    ['tab-inside', '4\t0', 'two numbers, by a tab'],
    ['list', `${length}, 0`, 'a list of two that differ'],
    [
      'list-equal',
      `${length}, ${length}`,
      'a list of two that agree: refused too, for the next reader may take the first part',
    ],
    ['comma', `${length},`, 'a list with an empty end'],
    ['semicolon', `${length};`, 'something after the digits'],
    ['quoted', `"${length}"`, 'quotes'],
    ['trailing', `${length}x`, 'a letter after the digits: atoi stops there'],
    ['nul', `${length}\0`, 'NUL after the digits'],
    ['cr', `${length}\r`, 'a bare CR after the digits'],
    ['vt', `\v${length}`, 'a vertical tab: isspace takes it'],
    ['nbsp', `\xa0${length}`, 'a no-break space'],
    ['digit-arabic', '\xd9\xa4', 'digits of another script'],
    ['superscript', `${length}\xb2`, 'a superscript two, a digit to some libraries'],
    ['folded', `\r\n ${length}`, 'a folded line'],
    ['2-53', '9007199254740993', 'beyond the numbers that are exact in JavaScript'],
    ['2-63', '9223372036854775808', 'beyond a signed 64-bit number'],
    ['wrap', String(2n ** 64n + BigInt(length)), 'wraps to the true length in 64 bits'],
    ['wrap-32', String(2n ** 32n * 2n ** 21n + BigInt(length)), 'wraps to the true length in 32 bits'],
    ['long', '9'.repeat(1_000), 'a thousand digits'],
    ['infinity', 'Infinity', 'a word that some number parsers take'],
    ['chunked', 'chunked', 'the other framing by name'],
  ]
  return values.map(([id, value, why]) => refused(`fr-cl-${id}`, why, post([`Content-Length: ${value}`], smuggled)))
}

function repeatedLengths(): HostileCase[] {
  const lengthField = `Content-Length: ${length}`
  return [
    refused('fr-cl-double-zero', 'nothing, said with one digit too many', post(['Content-Length: 00'], '')),
    refused('fr-cl-twice', 'two lengths that differ', post([lengthField, 'Content-Length: 0'], smuggled)),
    refused('fr-cl-twice-reversed', 'the same in the other order', post(['Content-Length: 0', lengthField], smuggled)),
    refused(
      'fr-cl-twice-equal',
      'two that agree: refused too, nothing is merged',
      post([lengthField, lengthField], smuggled),
    ),
    refused(
      'fr-cl-twice-case',
      'two names in different case are one',
      post([lengthField, 'content-length: 0'], smuggled),
    ),
    refused(
      'fr-cl-space-colon',
      'a space before the colon hides it from some',
      post([`Content-Length : ${length}`], smuggled),
    ),
    refused(
      'fr-cl-space-colon-twice',
      'hidden, beside a plain one',
      post(['Content-Length: 0', `Content-Length : ${length}`], smuggled),
    ),
    refused('fr-cl-hidden-cr', 'hidden behind a bare CR', post([`A: b\rContent-Length: ${length}`], smuggled)),
    refused('fr-cl-hidden-lf', 'hidden behind a bare LF', post([`A: b\nContent-Length: ${length}`], smuggled)),
    refused('fr-cl-hidden-fold', 'hidden in a folded line', post([`A: b\r\n Content-Length: ${length}`], '')),
    passed(
      'fr-cl-underscore',
      'an alias of Content-Length never goes on',
      post([lengthField, 'Content_Length: 0'], smuggled),
      { line: 'POST /', body: smuggled },
      { never: ['Content_Length'] },
    ),
    passed(
      'fr-cl-alias-alone',
      'an alias of Content-Length frames nothing',
      post(['Content_Length: 7'], '') + get('/second'),
      [{ line: 'POST /' }, { line: 'GET /second' }],
      { never: ['Content_Length'] },
    ),
  ]
}

function incomplete(): HostileCase[] {
  return [
    cut(
      'fr-cl-short-body-fin',
      'a body that ends too soon is never completed',
      post([`Content-Length: ${length + 1}`], smuggled),
    ),
    cut('fr-cl-no-body-fin', 'nor one that never came', post([`Content-Length: ${length}`], '')),
    cut('fr-te-no-chunk-fin', 'nor chunks that never came', post(['Transfer-Encoding: chunked'], '')),
    cut('fr-te-half-chunk-fin', 'nor half a chunk', chunkedPost(chunk(smuggled).slice(0, -10))),
    cut('fr-head-fin', 'half a head is no request', head('GET / HTTP/1.1', 'A: b').slice(0, -2)),
    cut('fr-line-fin', 'nor is a line', 'GET / HTTP/1.1\r\n'),
    cut('fr-word-fin', 'nor a word', 'GET'),
  ]
}
