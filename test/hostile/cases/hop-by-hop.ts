import { casesOf, get, head, post } from '../hostile-case.ts'
import type { HostileCase } from '../hostile-case.ts'

const { passed } = casesOf('B')
const { refused } = casesOf('A')
const seen = { line: 'GET /' }

/** What concerns one connection ends with it (RFC 9110 7.6.1), and names nothing that guards or frames. */
export const hopByHop: readonly HostileCase[] = [...fields(), ...nominated(), ...closing()]

function fields(): HostileCase[] {
  const lines: readonly (readonly [id: string, line: string])[] = [
    ['keep-alive', 'Keep-Alive: hop'],
    ['proxy-connection', 'Proxy-Connection: hop'],
    ['proxy-authorization', 'Proxy-Authorization: hop'],
    ['proxy-authenticate', 'Proxy-Authenticate: hop'],
    ['te', 'TE: hop'],
    ['te-gzip', 'TE: gzip;q=0.5, hop'],
    ['trailer', 'Trailer: hop'],
    ['upgrade', 'Upgrade: hop'],
    ['http2-settings', 'HTTP2-Settings: hop'],
    ['alias-proxy-authorization', 'Proxy_Authorization: hop'],
    ['alias-proxy-connection', 'Proxy.Connection: hop'],
    ['alias-keep-alive', 'Keep_Alive: hop'],
    ['alias-http2-settings', 'HTTP2_Settings: hop'],
  ]
  return lines.map(([id, line]) =>
    passed(`hb-${id}`, `${line.split(':')[0]} ends with us`, get('/', line), seen, { lacks: ['hop'] }),
  )
}

function nominate(option: string, ...lines: readonly string[]): string {
  return get('/', `Connection: ${option}`, ...lines)
}

function nominated(): HostileCase[] {
  const gone = { lacks: ['hop'] }
  return [
    passed('hb-nominated', 'a nominated field ends with us', nominate('X-Hop', 'X-Hop: hop'), seen, gone),
    passed(
      'hb-nominated-before',
      'also where it stands before',
      get('/', 'X-Hop: hop', 'Connection: X-Hop'),
      seen,
      gone,
    ),
    passed('hb-nominated-case', 'names have no case', nominate('x-hOP', 'X-Hop: hop'), seen, gone),
    passed(
      'hb-nominated-list',
      'in a list with empty elements',
      nominate(',, close-not ,X-Hop,', 'X-Hop: hop'),
      seen,
      gone,
    ),
    passed(
      'hb-nominated-two',
      'in a second Connection',
      nominate('keep-alive', 'Connection: X-Hop', 'X-Hop: hop'),
      seen,
      gone,
    ),
    passed('hb-nominated-twice', 'all fields of the name', nominate('X-Hop', 'X-Hop: hop', 'X-Hop: hop2'), seen, gone),
    passed(
      'hb-nominated-cookie',
      'Cookie may be nominated: the client’s own loss',
      nominate('Cookie', 'Cookie: hop'),
      seen,
      gone,
    ),
    passed(
      'hb-nominated-authorization',
      'so may Authorization',
      nominate('Authorization', 'Authorization: hop'),
      seen,
      gone,
    ),
    passed('hb-nominated-host', 'Host is never dropped', nominate('Host'), { ...seen, host: 'a.test' }),
    passed(
      'hb-nominated-cl',
      'nor is Content-Length',
      post(['Connection: Content-Length', 'Content-Length: 5'], 'hello'),
      { line: 'POST /', body: 'hello' },
    ),
    passed(
      'hb-nominated-te',
      'nor is Transfer-Encoding',
      post(['Connection: Transfer-Encoding', 'Transfer-Encoding: chunked'], '5\r\nhello\r\n0\r\n\r\n'),
      { line: 'POST /', body: 'hello' },
    ),
    passed('hb-nominated-forwarded', 'nor what we set ourselves', nominate('X-Forwarded-For, X-Forwarded-Host'), seen),
    passed(
      'hb-nominated-many',
      'sixty names',
      nominate(Array.from({ length: 60 }, (_, at) => `a${at}`).join(','), 'a7: hop'),
      seen,
      gone,
    ),
    refused('hb-connection-lf', 'a bare LF in Connection', nominate('close\nX-Evil: hop')),
    passed('hb-te-trailers', 'trailers are welcome: we say so ourselves', get('/', 'TE: trailers', 'Connection: TE'), {
      ...seen,
      has: ['TE: trailers'],
    }),
    passed(
      'hb-te-trailers-among',
      'of several codings only trailers goes on',
      get('/', 'TE: hop, trailers', 'Connection: TE'),
      { ...seen, has: ['TE: trailers'] },
      gone,
    ),
  ]
}

function pair(option: string): string {
  return get('/', `Connection: ${option}`) + get('/second')
}

function closing(): HostileCase[] {
  const closes = { closes: true }
  return [
    passed('hb-close', 'nothing is read after a request that closes', pair('close'), seen, closes),
    passed('hb-close-case', 'options have no case', pair('CLOSE'), seen, closes),
    passed('hb-close-list', 'close in a list', pair('foo, close , bar'), seen, closes),
    passed('hb-close-and-keep-alive', 'close wins over keep-alive', pair('keep-alive, close'), seen, closes),
    passed(
      'hb-close-second',
      'close in a second field',
      get('/', 'Connection: keep-alive', 'Connection: close') + get('/second'),
      seen,
      closes,
    ),
    passed('hb-close-10', 'HTTP/1.0 closes by itself', head('GET / HTTP/1.0') + get('/second'), seen, closes),
    passed(
      'hb-close-10-both',
      'HTTP/1.0 with both closes',
      head('GET / HTTP/1.0', 'Connection: keep-alive, close') + get('/second'),
      seen,
      closes,
    ),
    passed(
      'hb-close-proxy',
      'Proxy-Connection is not Connection',
      get('/', 'Proxy-Connection: close') + get('/second'),
      [seen, { line: 'GET /second' }],
    ),
    passed('hb-close-word', 'closed is another word', pair('closed'), [seen, { line: 'GET /second' }]),
    passed('hb-close-no-blank', 'an octet that Latin-1 calls a blank belongs to the option', pair('\xA0close'), [
      seen,
      { line: 'GET /second' },
    ]),
    passed(
      'hb-keep-10-no-blank',
      'nor does such an option keep HTTP/1.0 open',
      head('GET / HTTP/1.0', 'Connection: keep-alive\xA0') + get('/second'),
      seen,
      closes,
    ),
  ]
}
