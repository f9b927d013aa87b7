import assert from 'node:assert/strict'

import { chunked, printInterimHead, printResponseHead, ResponseScanner, untilClose } from '../../src/http/index.ts'
import type { HeadLimits, ResponseHead } from '../../src/http/index.ts'
import type { Campaign } from './campaign.ts'
import { answerPieces } from './dictionary.ts'
import { cutsOf } from './random.ts'
import { MessageReader } from './read-messages.ts'
import type { Reading } from './read-messages.ts'
import { endOf } from './requests.ts'

const limits: HeadLimits = { requestLine: 900, head: 900, fields: 12 }
const roomy: HeadLimits = { requestLine: 65_536, head: 65_536, fields: 64 }
const date = 'Thu, 26 Nov 2026 00:00:00 GMT'

export const answerCorpus: readonly string[] = [
  'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nDate: a\r\n\r\n5\r\nhello\r\n0\r\nX-A: b\r\n\r\n',
  'HTTP/1.1 200 OK\r\nServer: a\r\nX-A: b\r\n\r\nuntil the end',
  'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n',
  'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n',
  'HTTP/1.1 204 No Content\r\nKeep-Alive: timeout=5\r\n\r\n',
  'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\nETag: "a"\r\n\r\n',
  'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nab',
  'HTTP/1.1 302 \r\nLocation: /a\r\nConnection: X-A, close\r\nX-A: b\r\nSet-Cookie: a=b\r\nSet-Cookie: c=d\r\n\r\n',
]

const scanner = new ResponseScanner(limits)
const again = new ResponseScanner(roomy)

/** The answer to one request: interim heads, and a final one with its body. A switch of protocols is not for plain requests. */
export function readAnswer(
  bytes: Buffer,
  cuts: readonly number[],
  method: string,
  given: ResponseScanner = scanner,
): Reading<ResponseHead> {
  const scan = (octets: Buffer, start: number, end: number): readonly [number, ResponseHead] | string => {
    const after = given.scan(octets, start, end, method)
    return after < 0 || given.head.status === 101 ? 'UpstreamInvalid' : [after, given.head]
  }
  return new MessageReader(bytes, { limits: roomy, scan, goesOn: ({ status }) => status < 200 }).read(cuts)
}

/** What a client is sent has one reading, and says what the upstream said. */
function checkPrinted(head: ResponseHead, method: string): void {
  const interim = head.status < 200
  const text = interim ? printInterimHead(head) : printResponseHead(head, { minor: 1, close: false, date })
  const bytes = Buffer.from(text, 'latin1')
  assert.equal(again.scan(bytes, 0, bytes.length, method), bytes.length, `refused what it printed: ${text}`)
  const printed = again.head
  assert.equal(printed.status, head.status)
  assert.equal(printed.phrase, head.phrase)
  assert.equal(printed.server, interim ? undefined : head.server)
  if (!interim && head.status !== 204) assert.equal(printed.declaredLength, head.declaredLength)
  assert.equal(printed.lines, head.hasDate || interim ? head.lines : `${head.lines}Date: ${date}\r\n`)
  assert.equal(printed.bodyLength, head.bodyLength === untilClose ? chunked : head.bodyLength)
  assert.ok(printed.persistent)
}

function check(input: string): string {
  const method = input.length % 5 === 0 ? 'HEAD' : 'GET'
  const bytes = Buffer.from(input, 'latin1')
  const whole = readAnswer(bytes, [], method)
  assert.deepEqual(readAnswer(bytes, cutsOf(input, 6), method), whole)
  assert.deepEqual(readAnswer(bytes, [...bytes.keys()], method), whole)
  for (const { head } of whole.messages) checkPrinted(head, method)
  return endOf(whole)
}

/** The same for answers of upstreams. */
export const answers: Campaign = { name: 'answers', corpus: answerCorpus, dictionary: answerPieces, check }
