import { casesOf, get, head, post, smuggled } from '../hostile-case.ts'
import type { HostileCase, Seen } from '../hostile-case.ts'

const { refused, passed, answered } = casesOf('C')
const socket = [
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
  'Sec-WebSocket-Version: 13',
]
const asked: Seen = { line: 'GET /', has: ['Connection: upgrade', 'Upgrade: websocket'] }
const plain = { never: ['Upgrade:', 'HTTP2-Settings'] }

/** Only a GET for `websocket` asks to switch, and only a 101 switches. */
export const upgrade: readonly HostileCase[] = [...others(), ...notAsked(), ...switched()]

/** No other protocol is ever offered upstream: the request goes on as a plain one. */
function others(): HostileCase[] {
  const protocols: readonly (readonly [id: string, value: string, why: string])[] = [
    ['h2c', 'h2c', 'HTTP/2 without TLS would pass all rules by'],
    ['h2c-upper', 'H2C', 'in upper case'],
    ['h2c-list', 'websocket, h2c', 'in a list behind websocket'],
    ['h2c-list-first', 'h2c, websocket', 'in a list before websocket'],
    ['h2c-blanks', '\t h2c ', 'among blanks'],
    ['h2', 'h2', 'HTTP/2 by its other name'],
    ['tls', 'TLS/1.0', 'TLS inside HTTP (RFC 2817)'],
    ['http', 'HTTP/2.0', 'a version of HTTP'],
    ['websocket-version', 'websocket/13', 'websocket with a version'],
    ['connect-udp', 'connect-udp', 'a tunnel for datagrams'],
    ['empty', '', 'nothing'],
    ['unknown', 'cow', 'an unknown protocol'],
  ]
  return [
    ...protocols.map(([id, value, why]) =>
      passed(
        `up-${id}`,
        why,
        get('/', 'Connection: Upgrade', `Upgrade: ${value}`),
        { line: 'GET /' },
        value.toLowerCase().includes('h2c') ? plain : { lacks: plain.never },
      ),
    ),
    passed(
      'up-h2c-settings',
      'the whole offer of h2c',
      get('/', 'Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABk'),
      { line: 'GET /' },
      plain,
    ),
    passed(
      'up-h2c-settings-unnamed',
      'HTTP2-Settings that Connection does not name',
      get('/', 'Connection: Upgrade', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABk'),
      { line: 'GET /' },
      plain,
    ),
    passed('up-h2c-no-connection', 'h2c without Connection', get('/', 'Upgrade: h2c'), { line: 'GET /' }, plain),
    passed(
      'up-h2c-case',
      'in names of odd case',
      get('/', 'cONNECTION: uPGRADE', 'uPGRADE: H2c'),
      { line: 'GET /' },
      { never: ['H2c', 'uPGRADE:'] },
    ),
    passed(
      'up-h2c-two-fields',
      'websocket and h2c in two fields',
      get('/', ...socket, 'Upgrade: h2c'),
      { line: 'GET /' },
      plain,
    ),
    refused('up-h2c-fold', 'h2c in a folded line', get('/', 'Connection: Upgrade', 'Upgrade: websocket,\r\n h2c')),
    passed(
      'up-h2c-alias',
      'an alias of HTTP2-Settings',
      get('/', 'HTTP2_Settings: AAMAAABk'),
      { line: 'GET /' },
      { never: ['HTTP2_Settings'] },
    ),
    passed(
      'up-h2c-body',
      'h2c with a body',
      post(['Connection: Upgrade', 'Upgrade: h2c', 'Content-Length: 5'], 'hello'),
      { line: 'POST /', body: 'hello' },
      plain,
    ),
  ]
}

/** What looks like WebSocket and is not goes on as a plain request. */
function notAsked(): HostileCase[] {
  const length = `Content-Length: ${smuggled.length}`
  const chunks = `${smuggled.length.toString(16)}\r\n${smuggled}\r\n0\r\n\r\n`
  return [
    passed(
      'up-body',
      'with a length and a body',
      get('/', ...socket, length) + smuggled,
      { line: 'GET /', body: smuggled },
      plain,
    ),
    passed(
      'up-body-chunked',
      'with chunks',
      get('/', ...socket, 'Transfer-Encoding: chunked') + chunks,
      { line: 'GET /', body: smuggled },
      plain,
    ),
    passed('up-body-zero', 'a length of nothing is no body', get('/', ...socket, 'Content-Length: 0'), asked),
    passed('up-post', 'by POST', head('POST / HTTP/1.1', ...socket), { line: 'POST /' }, plain),
    passed(
      'up-post-tunnel',
      'by POST, to an upstream that would switch',
      head('POST /tunnel HTTP/1.1', ...socket) + get('/second'),
      [{ line: 'POST /tunnel' }, { line: 'GET /second' }],
      plain,
    ),
    passed(
      'up-10',
      'in HTTP/1.0',
      head('GET /tunnel HTTP/1.0', ...socket),
      { line: 'GET /tunnel' },
      { ...plain, closes: true },
    ),
    passed(
      'up-no-connection',
      'without Connection',
      get('/tunnel', 'Upgrade: websocket') + get('/second'),
      [{ line: 'GET /tunnel' }, { line: 'GET /second' }],
      plain,
    ),
    passed(
      'up-connection-only',
      'without Upgrade',
      get('/tunnel', 'Connection: Upgrade'),
      { line: 'GET /tunnel' },
      plain,
    ),
    passed(
      'up-nominated',
      'Connection with Upgrade and close',
      get('/', 'Connection: close, Upgrade', 'Upgrade: websocket'),
      asked,
      { closes: true },
    ),
    refused(
      'up-cl-te',
      'an upgrade does not excuse both framings',
      get('/', ...socket, 'Content-Length: 0', 'Transfer-Encoding: chunked') + chunks,
    ),
    refused('up-connect', 'CONNECT with Upgrade', head('CONNECT a.test:80 HTTP/1.1', ...socket), 405),
    answered('up-guard', 'a guard stands before a tunnel too', get('/admin', ...socket), 503),
    answered('up-ambiguous', 'so does the rule of readings', get('/x/..%2fadmin', ...socket), 400),
  ]
}

function switched(): HostileCase[] {
  const tunnel: Seen = { line: 'GET /tunnel', has: ['Connection: upgrade', 'Upgrade: websocket'] }
  return [
    passed('up-good', 'a 101 switches', get('/tunnel', ...socket), tunnel, { answers: [101], closes: true, fin: true }),
    passed('up-case', 'websocket has no case', get('/tunnel', 'connection: UPGRADE', 'UPGRADE: WebSocket'), tunnel, {
      answers: [101],
      closes: true,
      fin: true,
    }),
    passed(
      'up-list',
      'among other options',
      get('/tunnel', 'Connection: keep-alive, Upgrade', 'Upgrade: websocket'),
      tunnel,
      { answers: [101], closes: true, fin: true },
    ),
    passed(
      'up-early-data',
      'octets before the 101 wait; after it they are no request',
      get('/tunnel', ...socket) + smuggled,
      tunnel,
      { answers: [101], closes: true, fin: true },
    ),
    passed('up-refused', 'an upstream that does not switch: the connection speaks HTTP on', get('/', ...socket), asked),
    passed(
      'up-refused-pipelined',
      'what was sent early is the next request, and takes the way of any',
      get('/', ...socket) + get('/second', 'X-Real-IP: forged'),
      [asked, { line: 'GET /second' }],
      { never: ['forged'] },
    ),
    passed(
      'up-refused-guard',
      'so a guarded path behind a refused upgrade is guarded',
      get('/', ...socket) + get('/admin'),
      asked,
      { answers: [200, 503] },
    ),
    passed(
      'up-refused-bad',
      'and a bad request behind it is refused',
      `${get('/', ...socket)}GET  /smuggled HTTP/1.1\r\n\r\n`,
      asked,
      { answers: [200, 400], closes: true },
    ),
  ]
}
