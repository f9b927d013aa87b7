import { counted } from './upstream-shape.ts'
import type { UpstreamShape } from './upstream-shape.ts'

const challenge = (...schemes: string[]): string =>
  [
    'HTTP/1.1 401 Unauthorized',
    ...schemes.map((scheme) => `WWW-Authenticate: ${scheme}`),
    'Content-Length: 3',
    '',
    'abc',
  ].join('\r\n')

const bound = { class: 'D', bound: true } as const

/** Upstreams that authenticate a connection (RFC 4559 6): whoever comes next on it would speak as the client before. */
export const identityShapes: readonly UpstreamShape[] = [
  {
    ...bound,
    id: 'us-ntlm-challenge',
    reason: 'What follows on the connection belongs to the client that was challenged',
    steps: [challenge('NTLM')],
    expect: '401 abc',
  },
  {
    ...bound,
    id: 'us-ntlm-second-step',
    reason: 'The challenge with its token, in the middle of the handshake',
    ask: 'NTLM',
    steps: [challenge('NTLM TlRMTVNTUAACAAAA')],
    expect: '401 abc',
  },
  {
    ...bound,
    id: 'us-ntlm-done',
    reason: 'The answer to credentials says nothing of them, and the connection is authenticated from then on',
    ask: 'NTLM',
    steps: [counted(3, 'abc')],
    expect: '200 abc',
  },
  {
    ...bound,
    id: 'us-ntlm-case',
    reason: 'A scheme is a scheme in any case (RFC 9110 11.1)',
    steps: [challenge('nTlM')],
    expect: '401 abc',
  },
  {
    ...bound,
    id: 'us-ntlm-in-list',
    reason: 'Challenges are a list; one that binds is enough',
    steps: [challenge('Basic realm="a", NTLM')],
    expect: '401 abc',
  },
  {
    ...bound,
    id: 'us-ntlm-in-second-line',
    reason: 'The same in a line of its own, after another scheme',
    steps: [challenge('Basic realm="a"', 'NTLM')],
    expect: '401 abc',
  },
  {
    ...bound,
    id: 'us-ntlm-in-interim',
    reason: 'A hint that challenges binds as much as an answer',
    steps: [`HTTP/1.1 103 Early Hints\r\nWWW-Authenticate: NTLM\r\n\r\n${counted(3, 'abc')}`],
    expect: '200 abc',
  },
  {
    ...bound,
    id: 'us-negotiate-challenge',
    reason: 'Negotiate may end in NTLM',
    steps: [challenge('Negotiate')],
    expect: '401 abc',
  },
  {
    ...bound,
    id: 'us-negotiate-done',
    reason: 'A token on a 200: the handshake is over, and the connection is authenticated',
    steps: [
      'HTTP/1.1 200 OK\r\nWWW-Authenticate: Negotiate oYG2MIGz\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
    ],
    expect: '200 abc',
  },
]
