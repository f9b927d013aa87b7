import { inFile } from './mutant.ts'
import type { Mutant } from './mutant.ts'

const campaigns = 'test/fuzz/campaigns.test.ts'

const request = inFile(
  'src/http/scan-request.ts',
  ['src/http/scan-request.test.ts', 'src/http/scan-fields.test.ts', 'test/fuzz/request-heads.test.ts', campaigns],
  [
    ['= fence(bytes, end)', '= bytes[end] ?? 0', 'what another client sent is looked at'],
    ['bytes[end] = behind', '', 'the octet behind a head is lost'],
    ['if (this.#hostStart >= 0) return undefined', '', 'a second Host is accepted'],
    ['if (this.#chunked || !this', 'if (!this', 'a repeated Transfer-Encoding is accepted'],
    [
      '|| !this.isText(start, end, chunkedText)',
      '|| !this.isText(end - chunkedText.length, end, chunkedText)',
      'other codings before chunked are accepted',
    ],
    ['length < 0 || this.#length !== -2', 'length < 0', 'a repeated Content-Length is accepted'],
    ['(this.#minor === 1 && this.#length === -2)', 'this.#minor === 1', 'both lengths are accepted'],
    ['(this.#minor === 1 && this.#length === -2)', 'this.#length === -2', 'chunks are accepted in HTTP/1.0'],
    ['if (!isGiven && this.#minor === 1) return null', '', 'HTTP/1.1 without Host is accepted'],
    [' || host.port !== named.port)', ')', 'the port of an absolute form may differ from that of Host'],
    ['host.name !== named.name || ', '', 'the name of an absolute form may differ from that of Host'],
    ["|| named.name === ''", '', 'an absolute form without a host is accepted'],
    ["|| this.#expect === '100-continue'", '|| true', 'any expectation is accepted'],
    ["|| this.#method === 'TRACE'", '', 'TRACE goes on'],
    ['/^https?:\\/\\//i', '/^[a-z]+:\\/\\//i', 'any scheme is accepted'],
    ['question < 0 ? at : question', 'at', 'a query belongs to the path'],
    ['octet === questionMark && question < 0', 'octet === questionMark', 'a query begins at the last question mark'],
    ['Number(text) : 10_000', 'Number(text) : 0', 'hops that are no number hide a loop'],
    ['this.#hops = Math.max(this.#hops, readHops', 'this.#hops = Math.min(9, readHops', 'many hops hide a loop'],
    ['!this.closes && (this.#minor', '(this.#minor', 'close is not heard'],
    ["&& this.#method === 'GET'", '', 'a POST may switch protocols'],
    ['&& bodyLength === 0\n', '\n', 'a request with a body may switch protocols'],
    [' && id.length <= longestRequestId', '', 'a request id of any length is taken over'],
    ['this.#chunked = this.#trailers = this', 'this.#trailers = this', 'the framing of the request before is kept'],
    [
      'this.#expect !== undefined && bodyLength !== 0',
      'this.#expect !== undefined',
      'a body is asked for that there is not',
    ],
  ],
)

const fields = inFile(
  'src/http/scan-fields.ts',
  ['src/http/scan-fields.test.ts', 'src/http/scan-request.test.ts', 'test/fuzz/request-heads.test.ts', campaigns],
  [
    ['if (nameEnd === lineStart) return -1', '', 'a field without a name is accepted'],
    ['bytes[at] !== cr || bytes[at + 1] !== lf ||', 'bytes[at] !== cr ||', 'a bare CR ends a line'],
    ['++count > this.#limits.fields', '++count > this.#limits.fields + 1', 'one field too many is accepted'],
    ['if ((kind & plainName) === 0) plain = false', '', 'managed fields in another spelling go on'],
    ['first === letterX || (first === letterS', 'first === letterX && (first === letterS', 'managed fields go on'],
    ["if (option === 'close') this.closes = true", '', 'close in a list is not heard'],
    ['|| count > longestLength', '', 'a length beyond exact numbers is accepted'],
    [' || (count > 1 && this.bytes[start] === zero)', '', 'a length with leading zeros is accepted'],
    ['if (((classes[octet] ?? 0) & digit) === 0) return -1', '', 'a length with a sign is accepted'],
    ['if (end - start !== text.length) return false', '', 'what begins like chunked is chunked'],
    [
      'this.#runCount = this.#dropCount = 0',
      'this.#runCount = 0',
      'fields dropped from the message before are told of',
    ],
    ['this.#nominated.push(option)', 'this.#nominated.length = 0', 'fields that Connection names go on'],
    ['names.has(name.toLowerCase())', 'names.has(name)', 'Connection names fields in their very spelling only'],
    ['this.closes = this.keepsAlive = this.upgrades = false', '', 'the options of the message before are kept'],
    ['if (bytes[at + 1] !== lf || at + 2 > end) return -1', '', 'a bare CR ends a head'],
    [
      '| 0x20) !== (name.charCodeAt(at) | 0x20)',
      ') !== name.charCodeAt(at)',
      'known fields are known in lower case only',
    ],
  ],
)

const lists = inFile(
  'src/http/field-lines.ts',
  ['src/http/field-lines.test.ts', campaigns],
  [
    ['map(withoutBlanks)', 'map((element) => element.trim())', 'U+00A0 is a blank'],
    ["filter((element) => element !== '')", 'filter(() => true)', 'an empty element is an option'],
  ],
)

const rules = inFile(
  'src/http/field-rules.ts',
  ['src/http/field-rules.test.ts', 'src/http/scan-request.test.ts', 'src/http/scan-chunked.test.ts', campaigns],
  [
    ["replaceAll(/[^\\da-z]/g, '-')", "replaceAll('_', '-')", 'X.Real.IP is no alias'],
    ["'x-original-', ", '', 'X-Original-URL goes on'],
    [' || framing.has(folded)', '', 'Content_Length goes on'],
    ['requestDrop(name) ?? (', '(', 'framing and managed fields go on as trailers'],
    ["lower.includes('_') ? 'underscore' : undefined", 'undefined', 'names with an underscore go on'],
  ],
)

const headEnd = inFile(
  'src/http/head-end.ts',
  ['src/http/head-end.test.ts', campaigns],
  [
    ['this.#line > this.#limits.requestLine', 'this.#line >= this.#limits.requestLine', 'the longest line is refused'],
    ['this.#seen > this.#limits.head', 'this.#seen > this.#limits.head + 1', 'a head may be longer than the limit'],
    ["if (before !== cr) return this.#refuse('BadRequest')", '', 'a bare LF ends a line'],
    ['length > 1 ? bytes[stop - 2] : this.#last', 'bytes[stop - 2]', 'a cut between CR and LF is not seen'],
    [
      'this.#seen = this.#line = this.#lines = this.#last = 0',
      'this.#line = this.#lines = this.#last = 0',
      'heads of one connection add up',
    ],
  ],
)

const authority = inFile(
  'src/http/authority.ts',
  ['src/http/authority.test.ts', campaigns],
  [
    ['port <= highestPort ? port : undefined', 'port', 'any port is accepted'],
    ["host.endsWith('.') ? host.slice(0, -1) : host", 'host', 'a host with a dot at its end is another host'],
    ['{ name: name.toLowerCase(), port', '{ name, port', 'hosts differ by case'],
    ['left + right < 8', 'left + right < 10', 'an IPv6 address of nine groups is accepted'],
    ["(port === undefined || host === '')", "host === ''", 'a port that is none is accepted'],
    ['host.length > longestName', 'host.length > 2 * longestName', 'a name of 300 octets is accepted'],
    [
      'known !== undefined && isText(bytes, start, end, known.text)',
      'known !== undefined',
      'hosts of one hash are one host',
    ],
  ],
)

const octets = inFile(
  'src/http/octets.ts',
  ['src/http/scan-request.test.ts', 'src/http/scan-fields.test.ts', campaigns],
  [
    ["(visible(octet) && char !== '#' ? target : 0)", '(visible(octet) ? target : 0)', 'a target may have a fragment'],
    ['|| octet > 0x7f ? value : 0', '|| octet >= 0x7f ? value : 0', 'DEL is accepted in a value'],
    ['octet === 9 || octet === 0x20', 'octet <= 9 || octet === 0x20', 'NUL is accepted in a value'],
  ],
)

const chunks = inFile(
  'src/http/scan-chunked.ts',
  ['src/http/scan-chunked.test.ts', campaigns],
  [
    ["octet === cr ? 'dataLf' : 'fault'", "octet === lf ? 'size' : 'dataLf'", 'data may be longer than its chunk'],
    [
      "if (++this.#sizeDigits > longestSize) this.#state = 'fault'",
      '++this.#sizeDigits',
      'a size may leave the range of exact numbers',
    ],
    ["else if (this.#sizeDigits === 0) this.#state = 'fault'\n", '', 'a chunk without a size is accepted'],
    ["if (octet !== lf) this.#state = 'fault'\n    else ", '', 'a bare CR ends a size'],
    ['|| ++this.#extension > mostExtension', '', 'extensions without end are read'],
    [' || (octet === lf && held[length - 2] !== cr)', '', 'a bare LF ends a trailer'],
    ['length > trailerLimits.head || ', '', 'trailers without end are held'],
    [
      'for (let at = start, free = to; at < end;)',
      'for (let at = start, free = to; at < end - 1;)',
      'of a small chunk the last octet is not moved',
    ],
    [
      'if (++this.#sizeDigits > longestSize)',
      'if (++this.#sizeDigits > longestSize + 4)',
      'a size of 2^64 wraps around',
    ],
  ],
)

const response = inFile(
  'src/http/scan-response.ts',
  ['src/http/scan-response.test.ts', campaigns],
  [
    ['(this.#length >= 0 || minor === 0)', 'minor === 0', 'both lengths are accepted'],
    ['(this.#length >= 0 || minor === 0)', 'this.#length >= 0', 'chunks are accepted in HTTP/1.0'],
    ["  'date',\n])", '])', 'Connection takes Date out'],
    ['length < 0 || this.#length !== -1', 'length < 0', 'two lengths are accepted'],
    [' || status === 204 || status === 304\n', ' || status === 204\n', 'a 304 has a body'],
    ["method === 'HEAD' || ", '', 'an answer to HEAD has a body'],
    ['|| status > 599', '', 'any status is accepted'],
    ['!this.closes && !this.#bindsConnection', '!this.#bindsConnection', 'close is not heard'],
    [' && !this.#bindsConnection', '', 'a connection that NTLM authenticated serves others'],
    ['(minor === 1 || this.keepsAlive)', 'true', 'HTTP/1.0 keeps connections'],
    ["status === 101 && this.#upgrade === 'websocket'", 'status === 101', 'a 101 to any protocol is taken'],
    ['(framed && (status < 200 || status === 204) && this.#length !== 0)', 'false', 'a 204 may have a length'],
    [
      'this.#length >= 0 ? this.#length : untilClose',
      'Math.max(this.#length, 0)',
      'an answer without a length has no body',
    ],
  ],
)

export const codecMutants: readonly Mutant[] = [
  ...request,
  ...fields,
  ...lists,
  ...rules,
  ...headEnd,
  ...authority,
  ...octets,
  ...chunks,
  ...response,
]
