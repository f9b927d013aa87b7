import assert from 'node:assert/strict'

import { fieldsOf, RequestScanner } from '../../src/http/index.ts'
import type { HeadLimits, RequestHead } from '../../src/http/index.ts'
import { UpstreamHeadPrinter } from '../../src/route/index.ts'
import { plainClient } from '../support/request-head.ts'
import type { Campaign } from './campaign.ts'
import { requestPieces } from './dictionary.ts'
import { cutsOf } from './random.ts'
import { MessageReader } from './read-messages.ts'
import type { Reading } from './read-messages.ts'

/** So small that inputs come upon them. */
export const smallLimits: HeadLimits = { requestLine: 160, head: 900, fields: 12 }
const roomy: HeadLimits = { requestLine: 16_384, head: 65_536, fields: 64 }
const faults: ReadonlySet<string> = new Set(['BadRequest', 'TargetTooLong', 'HeadTooLarge', 'MethodNotAllowed'])
const ports = { publicHttpPort: 80, publicHttpsPort: 443 }

export const requestCorpus: readonly string[] = [
  'GET / HTTP/1.1\r\nHost: a.test\r\n\r\n',
  'GET /a/b?c=d HTTP/1.1\r\nHost: a.test:8080\r\nAccept: */*\r\nCookie: a=b; c=d\r\nX-A: b\r\n\r\n',
  'POST /a HTTP/1.1\r\nHost: a.test\r\nContent-Length: 5\r\n\r\nhelloGET /b HTTP/1.1\r\nHost: a.test\r\n\r\n',
  'POST /a HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n',
  'POST /a HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\nTE: trailers\r\n\r\n5;a="b"\r\nhello\r\n3\r\nabc\r\n0\r\nX-A: b\r\n\r\nGET / HTTP/1.1\r\nHost: a.test\r\n\r\n',
  'PUT /a HTTP/1.1\r\nHost: a.test\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nok',
  'GET http://a.test/b?c HTTP/1.1\r\nHost: a.test\r\n\r\n',
  'GET /old HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /older HTTP/1.0\r\n\r\n',
  'OPTIONS * HTTP/1.1\r\nHost: a.test\r\n\r\n',
  'GET /chat HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: AAAA\r\n\r\n',
  'GET / HTTP/1.1\r\nHost: [::1]:80\r\nX-Forwarded-For: 192.0.2.1\r\nX_Real_IP: b\r\nConnection: X-B, close\r\nX-B: c\r\n\r\n',
  'HEAD / HTTP/1.1\r\nhost:a.test\r\nx-a:\tb \r\nX-Request-ID: abc\r\nX-Lintel-Hops: 2\r\n\r\n',
]

const scanner = new RequestScanner(smallLimits)
const again = new RequestScanner(roomy)

export function readRequests(
  bytes: Buffer,
  cuts: readonly number[],
  given: RequestScanner = scanner,
  within: HeadLimits = smallLimits,
): Reading<RequestHead> {
  const scan = (octets: Buffer, start: number, end: number): readonly [number, RequestHead] | string => {
    const after = given.scan(octets, start, end)
    return after < 0 ? given.fault : [after, given.head]
  }
  return new MessageReader(bytes, { limits: within, scan, goesOn: ({ persistent }) => persistent }).read(cuts)
}

/** Strict in, generated out: the head that goes upstream has one reading, and says what the client said. */
function checkPrinted(head: RequestHead): void {
  const text = new UpstreamHeadPrinter(ports).print(head, plainClient, 'id')
  const bytes = Buffer.from(text, 'latin1')
  assert.equal(again.scan(bytes, 0, bytes.length), bytes.length, `refused what it printed: ${text}`)
  const printed = again.head
  for (const key of ['method', 'path', 'query', 'bodyLength', 'lines', 'websocket'] as const)
    assert.equal(printed[key], head[key], key)
  assert.equal(printed.authority?.text, head.authority?.text ?? '')
  assert.equal(printed.hops, Math.min(head.hops + 1, 10_000))
  assert.equal(printed.requestId, 'id')
  assert.ok(printed.persistent && !printed.expectContinue)
  assert.equal(text.split('\r\n\r\n').length, 2)
}

/** What no accepted head may hold. */
function checkHead(head: RequestHead): void {
  assert.match(head.path, /^(?:\/[!"$->@-~]*|\*)$/)
  assert.match(head.query, /^(?:\?[!"$-~]*)?$/)
  assert.match(head.lines, /^(?:[\w!#$%&'*+.^`|~-]+: (?:[!-~\x80-\xff](?:[\t -~\x80-\xff]*[!-~\x80-\xff])?)?\r\n)*$/)
  for (const [name] of fieldsOf(head.lines))
    assert.doesNotMatch(
      name,
      /^(?:host|content[^a-z0-9]length|transfer[^a-z0-9]encoding|connection|te|upgrade|expect|x[^a-z0-9]forwarded[^a-z0-9].*)$/i,
    )
}

/** How a reading ended, and in what. */
export function endOf({ messages, end }: Reading<{ readonly bodyLength: number }>): string {
  const last = messages.at(-1)
  const body = last === undefined ? 'nothing' : ['until close', 'chunked', 'no body'][last.head.bodyLength + 2]
  return `${end} after ${Math.min(messages.length, 2)}, ${body ?? 'counted'}, ${last?.trailers === '' ? '' : 'trailers'}`
}

function check(input: string): string {
  const bytes = Buffer.from(input, 'latin1')
  const whole = readRequests(bytes, [])
  assert.deepEqual(readRequests(bytes, cutsOf(input, 6)), whole)
  assert.deepEqual(readRequests(bytes, [...bytes.keys()]), whole)
  assert.ok(whole.end === 'more' || whole.end === 'closed' || faults.has(whole.end), whole.end)
  for (const { head } of whole.messages) {
    checkHead(head)
    checkPrinted(head)
  }
  return endOf(whole)
}

/** Whatever the octets and however they are cut: one outcome, one of the named faults, or heads that print and read the same. */
export const requests: Campaign = { name: 'requests', corpus: requestCorpus, dictionary: requestPieces, check }
