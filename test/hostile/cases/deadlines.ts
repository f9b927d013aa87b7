import { casesOf, chunk, chunkedPost, get, post, smuggled } from '../hostile-case.ts'
import type { HostileCase, More } from '../hostile-case.ts'

const { answered, passed } = casesOf('A')
const impatient: More = { closes: true, impatient: true }

/** Whoever stops sending is told so and let go; half a request is never made a whole one. */
export const deadlines: readonly HostileCase[] = [
  answered('dl-nothing', 'a connection that says nothing is closed', '', 0, { ...impatient, answers: [] }),
  answered('dl-crlf', 'a blank line is not the beginning of a request', '\r\n', 0, { ...impatient, answers: [] }),
  answered('dl-word', 'a word, and then nothing', 'GET', 408, impatient),
  answered('dl-line', 'a request line, and then nothing', 'GET / HTTP/1.1\r\n', 408, impatient),
  answered('dl-head', 'half a head', 'GET / HTTP/1.1\r\nHost: a.test\r\nA: b', 408, impatient),
  answered('dl-blank', 'a head without its last octet', get('/').slice(0, -1), 408, impatient),
  answered('dl-body', 'a head, and no body', post(['Content-Length: 5'], ''), 408, impatient),
  answered(
    'dl-body-short',
    'a body short of one octet',
    post([`Content-Length: ${smuggled.length + 1}`], smuggled),
    408,
    impatient,
  ),
  answered('dl-chunk', 'half a chunk', chunkedPost('2b\r\nGET'), 408, impatient),
  answered('dl-chunk-last', 'no last chunk', chunkedPost(chunk(smuggled)), 408, impatient),
  answered('dl-trailer', 'half a trailer', chunkedPost(`${chunk(smuggled)}0\r\nA: b`), 408, impatient),
  answered(
    'dl-expect',
    'a client that got its 100 and sends nothing',
    post(['Content-Length: 5', 'Expect: 100-continue'], ''),
    408,
    { ...impatient, interim: [100] },
  ),
  passed('dl-idle', 'an idle connection is closed without a word', get('/'), { line: 'GET /' }, impatient),
  passed(
    'dl-second',
    'half a second request',
    `${get('/')}GET /smuggled HT`,
    { line: 'GET /' },
    { ...impatient, answers: [200, 408] },
  ),
]
