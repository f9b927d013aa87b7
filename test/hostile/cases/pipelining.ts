import { casesOf, chunk, chunkedPost, get, head, post, smuggled } from '../hostile-case.ts'
import type { HostileCase } from '../hostile-case.ts'

const { passed, cut } = casesOf('A')
const length = `Content-Length: ${smuggled.length}`
const first = { line: 'GET /1' }
const second = { line: 'GET /2' }

/** Requests of a connection are answered in order; after a fault or a close nothing more is read. */
export const pipelining: readonly HostileCase[] = [
  passed('pi-two', 'two at once', get('/1') + get('/2'), [first, second]),
  passed(
    'pi-ten',
    'ten at once, in order',
    numbered(10).map(get1).join(''),
    numbered(10).map((at) => ({ line: `GET /${at}` })),
  ),
  passed(
    'pi-sixty',
    'sixty at once',
    numbered(60).map(get1).join(''),
    numbered(60).map((at) => ({ line: `GET /${at}` })),
  ),
  passed('pi-post-get', 'a body and then a request', post([length], smuggled) + get('/2'), [
    { line: 'POST /', body: smuggled },
    second,
  ]),
  passed('pi-chunked-get', 'chunks and then a request', chunkedPost(`${chunk(smuggled)}0\r\n\r\n`) + get('/2'), [
    { line: 'POST /', body: smuggled },
    second,
  ]),
  passed('pi-two-posts', 'two bodies', post([length], smuggled) + post(['Content-Length: 5'], 'hello'), [
    { line: 'POST /', body: smuggled },
    { line: 'POST /', body: 'hello' },
  ]),
  passed('pi-head-get', 'an answer without a body does not shift the next', head('HEAD /1 HTTP/1.1') + get('/2'), [
    { line: 'HEAD /1' },
    second,
  ]),
  passed('pi-crlf-between', 'one blank line between requests is forgiven', `${get('/1')}\r\n${get('/2')}`, [
    first,
    second,
  ]),
  passed('pi-crlf-twice-between', 'two of them are not', `${get('/1')}\r\n\r\n${get('/2')}`, first, {
    answers: [200, 400],
    closes: true,
  }),
  passed('pi-crlf-each', 'one before each is', `\r\n${get('/1')}\r\n${get('/2')}`, [first, second]),
  passed(
    'pi-crlf-after-body',
    'as after a body, where old browsers sent one',
    `${post([length], smuggled)}\r\n${get('/2')}`,
    [{ line: 'POST /', body: smuggled }, second],
  ),
  passed('pi-lf-between', 'a bare LF between them is not', `${get('/1')}\n${get('/2')}`, first, {
    answers: [200, 400],
    closes: true,
  }),
  passed('pi-space-between', 'nor is a space', `${get('/1')} ${get('/2')}`, first, {
    answers: [200, 400],
    closes: true,
  }),
  passed('pi-nul-between', 'nor NUL', `${get('/1')}\0${get('/2')}`, first, { answers: [200, 400], closes: true }),
  passed(
    'pi-body-too-long',
    'octets beyond a length are the next request, and a bad one',
    post(['Content-Length: 5'], 'helloworld\r\n\r\n'),
    { line: 'POST /', body: 'hello' },
    { answers: [200, 400], closes: true },
  ),
  passed(
    'pi-good-then-bad',
    'a bad request ends the connection, whatever follows',
    `${get('/1')}GET  /smuggled HTTP/1.1\r\n\r\n${get('/3')}`,
    first,
    { answers: [200, 400], closes: true },
  ),
  passed(
    'pi-good-then-both',
    'both framings in the second',
    get('/1') + post([length, 'Transfer-Encoding: chunked'], smuggled),
    first,
    { answers: [200, 400], closes: true },
  ),
  passed(
    'pi-404-then-good',
    'a body that nobody took is not the next request',
    post(['Host: c.test', length], smuggled) + get('/2'),
    second,
    { answers: [404, 200], mayEnd: true },
  ),
  passed(
    'pi-404-get-then-good',
    'an answer of our own keeps the order',
    get('/1', 'Host: c.test') + get('/2'),
    second,
    { answers: [404, 200] },
  ),
  passed(
    'pi-400-path-then-good',
    'a path with two meanings ends one exchange only',
    get('/x/../admin') + get('/2'),
    second,
    { answers: [400, 200] },
  ),
  passed('pi-guard-then-good', 'so does a guarded one', get('/admin') + get('/2'), second, { answers: [503, 200] }),
  passed('pi-good-then-guard', 'a guard holds for each request', get('/1') + get('/admin'), first, {
    answers: [200, 503],
  }),
  passed('pi-hosts', 'each request has a host of its own', get('/1') + get('/2', 'Host: b.test'), [
    first,
    { line: 'GET /2', service: 'other', host: 'b.test' },
  ]),
  passed(
    'pi-fields',
    'fields of one request do not stay for the next',
    get('/1', 'X-Mine: a', 'Connection: X-Else') + get('/2', 'X-Else: b'),
    [
      { ...first, has: ['X-Mine: a'] },
      { ...second, has: ['X-Else: b'] },
    ],
  ),
  passed('pi-request-id', 'nor does a request id', get('/1', 'X-Request-ID: one') + get('/2'), [
    { ...first, has: ['X-Request-ID: one'] },
    second,
  ]),
  passed(
    'pi-close-first',
    'nothing is answered after a close',
    get('/1', 'Connection: close') + get('/2') + get('/3'),
    first,
    { closes: true },
  ),
  passed(
    'pi-close-second',
    'what stood before it is',
    get('/1') + get('/2', 'Connection: close') + get('/3'),
    [first, second],
    { closes: true },
  ),
  passed(
    'pi-10-between',
    'HTTP/1.0 among them closes',
    get('/1') + head('GET /2 HTTP/1.0') + get('/3'),
    [first, second],
    { closes: true },
  ),
  passed(
    'pi-large-wait',
    'what waits beyond 64 KiB waits in the client',
    get('/1') + post(['Content-Length: 200000'], 'x'.repeat(200_000), '/2'),
    [first, { line: 'POST /2', body: 'x'.repeat(200_000) }],
  ),
  cut(
    'pi-good-then-half-fin',
    'half a request after a good one is none',
    `${get('/1', 'Host: c.test')}GET /smuggled HTTP/1.1\r\n`,
    { answers: [404] },
  ),
]

function numbered(count: number): number[] {
  return Array.from({ length: count }, (_, at) => at)
}

function get1(at: number): string {
  return get(`/${at}`)
}
