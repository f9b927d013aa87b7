import { casesOf, chunk, chunkedPost, get, post, smuggled } from '../hostile-case.ts'
import type { HostileCase, More, Seen } from '../hostile-case.ts'
import { bodyLimit, smallPath } from '../site.ts'

const { answered, passed } = casesOf('A')
const chunked = 'Transfer-Encoding: chunked'
const expects = 'Expect: 100-continue'
/** Beyond the limit, and made of requests: whoever goes on reading in the middle of it finds them. */
const large = smuggled.repeat(Math.ceil((bodyLimit + 1) / smuggled.length))
const largeInChunks = `${chunk(smuggled).repeat(large.length / smuggled.length)}0\r\n\r\n`
const largest = 'x'.repeat(bodyLimit)
const mayEnd: More = { mayEnd: true }
const closes: More = { closes: true }
const second: Seen = { line: 'GET /2' }
const both: More = { ...mayEnd, answers: [413, 200] }

function small(fields: readonly string[], body: string): string {
  return post(fields, body, smallPath)
}

/** A body that is larger than its route takes is refused, and is never the next request, nor a part of it a whole one. */
export const bodyLimits: readonly HostileCase[] = [
  answered('bl-counted', 'a length beyond the limit', small([`Content-Length: ${large.length}`], large), 413, mayEnd),
  answered('bl-unsent', 'before the body came', small([`Content-Length: ${bodyLimit + 1}`], ''), 413, closes),
  answered(
    'bl-exact-digits',
    'a length that no number holds',
    small(['Content-Length: 999999999999999'], ''),
    413,
    closes,
  ),
  answered('bl-chunked', 'chunks that grow beyond it', small([chunked], largeInChunks), 413, mayEnd),
  answered(
    'bl-octets',
    'in chunks of an octet',
    small([chunked], `${chunk('x').repeat(bodyLimit + 1)}0\r\n\r\n`),
    413,
    mayEnd,
  ),
  answered('bl-endless', 'chunks that have no end', small([chunked], chunk(large)), 413, closes),
  answered(
    'bl-one-more',
    'one octet too many',
    small([chunked], `${chunk(largest)}${chunk('x')}0\r\n\r\n`),
    413,
    mayEnd,
  ),
  answered('bl-get', 'a GET with such a body', get(smallPath, `Content-Length: ${large.length}`) + large, 413, mayEnd),
  answered(
    'bl-expect',
    'a client that waits for 100 gets 413 at once, and what it sends then is no request',
    small([`Content-Length: ${large.length}`, expects], ''),
    413,
    { ...closes, later: large },
  ),
  passed(
    'bl-then-good',
    'a request behind it is that request alone',
    small([`Content-Length: ${large.length}`], large) + get('/2'),
    second,
    both,
  ),
  passed('bl-chunked-then-good', 'also behind chunks', small([chunked], largeInChunks) + get('/2'), second, both),
  passed(
    'bl-largest',
    'as much as the limit says passes',
    small([`Content-Length: ${bodyLimit}`], largest) + get('/2'),
    [{ line: `POST ${smallPath}`, body: largest }, second],
  ),
  passed('bl-largest-chunked', 'in chunks too', small([chunked], `${chunk(largest)}0\r\n\r\n`) + get('/2'), [
    { line: `POST ${smallPath}`, body: largest },
    second,
  ]),
  passed('bl-elsewhere', 'the limit is that of its route alone', chunkedPost(largeInChunks), {
    line: 'POST /',
    body: large,
  }),
]
