import { casesOf, get, head, post, smuggled } from '../hostile-case.ts'
import type { HostileCase, More, Seen } from '../hostile-case.ts'

const { refused, answered, passed } = casesOf('A')
const length = `Content-Length: ${smuggled.length}`
const expects = 'Expect: 100-continue'
const seen: Seen = { line: 'POST /', body: smuggled }
const mayEnd: More = { mayEnd: true }
const notFound = 'Host: c.test'

/** Expect never changes where a body ends; it is answered here, at most once, and goes no further. */
export const expect: readonly HostileCase[] = [
  passed('ex-waits', 'the client waits for 100 and gets it', post([length, expects], ''), seen, {
    later: smuggled,
    interim: [100],
    lacks: ['100-continue'],
  }),
  passed('ex-case', 'the expectation has no case', post([length, 'expect: 100-CONTINUE'], ''), seen, {
    later: smuggled,
    interim: [100],
    lacks: ['100-C'],
  }),
  passed(
    'ex-chunked',
    'the same for chunks',
    post(['Transfer-Encoding: chunked', expects], ''),
    { line: 'POST /', body: 'hello' },
    { later: '5\r\nhello\r\n0\r\n\r\n', interim: [100] },
  ),
  passed('ex-get', 'a GET without a body expects nothing', get('/', expects) + get('/second'), [
    { line: 'GET /' },
    { line: 'GET /second' },
  ]),
  passed('ex-zero', 'nor does a length of nothing', post(['Content-Length: 0', expects], '') + get('/second'), [
    { line: 'POST /' },
    { line: 'GET /second' },
  ]),
  passed('ex-10', 'HTTP/1.0 never gets a 100', head('POST / HTTP/1.0', length, expects) + smuggled, seen, {
    closes: true,
  }),
  refused('ex-twice', 'two expectations', post([length, expects, expects], smuggled)),
  refused('ex-unknown', 'an expectation that we cannot meet', post([length, 'Expect: cow'], smuggled)),
  refused('ex-list', 'a list', post([length, 'Expect: 100-continue, cow'], smuggled)),
  refused('ex-empty', 'an empty one', post([length, 'Expect:'], smuggled)),
  refused('ex-obfuscated', 'one that is almost right', post([length, 'Expect: y 100-continue'], smuggled)),
  refused('ex-param', 'one with a parameter', post([length, 'Expect: 100-continue;a'], smuggled)),
  refused('ex-number', 'the number alone', post([length, 'Expect: 100'], smuggled)),
  refused('ex-get-unknown', 'an unknown one in a GET', get('/', 'Expect: cow')),
  refused(
    'ex-cl-te',
    'an expectation does not excuse both framings',
    post([length, 'Transfer-Encoding: chunked', expects], smuggled),
  ),
  refused('ex-space-colon', 'a space before the colon', post([length, 'Expect : 100-continue'], smuggled)),
  answered(
    'ex-100-early-final',
    'a final answer instead of 100: the body is not read as a request',
    post([notFound, length, expects], ''),
    404,
    { later: smuggled, closes: true },
  ),
  answered(
    'ex-404-body',
    'the body of a request without a route is no request',
    post([notFound, length], smuggled),
    404,
    mayEnd,
  ),
  answered(
    'ex-404-chunked',
    'nor are its chunks',
    post([notFound, 'Transfer-Encoding: chunked'], `${smuggled.length.toString(16)}\r\n${smuggled}\r\n0\r\n\r\n`),
    404,
    mayEnd,
  ),
  answered('ex-guard-body', 'nor is the body of a refused one', post([length], smuggled, '/admin'), 503, mayEnd),
  passed(
    'ex-early-close',
    'an upstream that answers before the body came: the rest is body still',
    post([length], smuggled, '/early'),
    { line: 'POST /early', body: smuggled },
    mayEnd,
  ),
]
