import { casesOf, get } from '../hostile-case.ts'
import type { HostileCase, More } from '../hostile-case.ts'
import { managedNames } from '../managed-names.ts'

const { passed, answered } = casesOf('B')
const seen = { line: 'GET /' }
const never: More = { never: ['forged'] }
/** A request id that is none harms nobody who does not log it as it is. */
const lacks: More = { lacks: ['forged'] }

/** What tells a back end who asks is ours alone to say. `forged` must never arrive. */
export const forwarding: readonly HostileCase[] = [
  ...managedNames.map((name) =>
    passed(`fw-${name.toLowerCase()}`, `a client's ${name} never arrives`, get('/', `${name}: forged`), seen, never),
  ),
  ...managedNames
    .filter((name) => name.includes('-'))
    .map((name) => {
      const alias = name.replaceAll('-', '_')
      return passed(
        `fw-alias-${alias.toLowerCase()}`,
        `nor does ${alias}, which CGI reads as the same`,
        get('/', `${alias}: forged`),
        seen,
        never,
      )
    }),
  ...oddSpellings(),
  ...values(),
  ...hops(),
]

function oddSpellings(): HostileCase[] {
  const names: readonly (readonly [id: string, name: string, why: string])[] = [
    ['lower', 'x-real-ip', 'lower case'],
    ['upper', 'X-FORWARDED-FOR', 'upper case'],
    ['dot', 'X.Forwarded.For', 'dots, which PHP folds'],
    ['dot-real', 'X.Real.IP', 'dots in another name'],
    ['mixed', 'X-Forwarded_For', 'one hyphen, one underscore'],
    ['mixed-dot', 'X_Forwarded.For', 'an underscore and a dot'],
    ['tilde', 'X~Real~IP', 'other token octets that are no letter'],
    ['plus', 'X+Forwarded+For', 'a plus sign'],
    ['quote', "X'Real'IP", 'a single quote'],
    ['star', 'X*Forwarded*Proto', 'an asterisk'],
    ['hash', 'X#Real#IP', 'a number sign'],
    ['bang', 'Ssl!Client!Verify', 'an exclamation mark'],
    ['cert-dot', 'Ssl.Client.Cert', 'dots in the name of a client certificate'],
    ['client-dot', 'Client.IP', 'dots in a name that begins like no other of ours'],
    ['prefix-any', 'X-Forwarded-Whatever', 'any name of that family is managed'],
    ['original-any', 'X-Original-Anything', 'and of this one'],
    ['proxy-upper', 'PROXY', 'httpoxy, in upper case'],
  ]
  return names.map(([id, name, why]) => passed(`fw-spelling-${id}`, why, get('/', `${name}: forged`), seen, never))
}

function values(): HostileCase[] {
  const requestIds: readonly (readonly [id: string, value: string, why: string])[] = [
    ['quote', 'forged","status":200,"x":"', 'quotes would break out of a log line'],
    ['space', 'forged id', 'a space would split a log line'],
    ['long', `forged${'a'.repeat(200)}`, 'an id beyond 128 octets'],
    ['high', 'forged\xff', 'an octet beyond ASCII'],
    ['markup', '<forged>', 'markup'],
  ]
  return [
    passed(
      'fw-twice',
      'two fields of the same name, both gone',
      get('/', 'X-Forwarded-For: forged', 'X-Forwarded-For: forged2'),
      seen,
      never,
    ),
    passed('fw-list', 'a list gains nobody trust', get('/', 'X-Forwarded-For: forged, 127.0.0.1'), seen, never),
    passed(
      'fw-proto-https',
      'plain HTTP stays HTTP',
      get('/', 'X-Forwarded-Proto: https'),
      { ...seen, has: ['X-Forwarded-Proto: http'] },
      { never: ['https'] },
    ),
    passed('fw-request-id', 'a good request id is kept', get('/', 'X-Request-ID: good-1'), {
      ...seen,
      has: ['X-Request-ID: good-1'],
    }),
    ...requestIds.map(([id, value, why]) =>
      passed(`fw-request-id-${id}`, why, get('/', `X-Request-ID: ${value}`), seen, lacks),
    ),
    passed(
      'fw-request-id-twice',
      'two ids are none',
      get('/', 'X-Request-ID: forged1', 'X-Request-ID: forged2'),
      seen,
      lacks,
    ),
    passed('fw-request-id-alias', 'nor does an alias name one', get('/', 'X_Request_ID: forged'), seen, lacks),
    passed('fw-traceparent', 'tracing is the client’s own and passes', get('/', 'traceparent: 00-a-b-01'), {
      ...seen,
      has: ['traceparent: 00-a-b-01'],
    }),
    passed(
      'fw-cdn',
      'what a CDN alone sets is for the back ends behind it, and passes',
      get('/', 'CF-Connecting-IP: 192.0.2.1'),
      { ...seen, has: ['CF-Connecting-IP: 192.0.2.1'] },
    ),
    passed(
      'fw-nominated',
      'Connection cannot take away what we say',
      get('/', 'Connection: X-Real-IP, X-Forwarded-For, X-Forwarded-Proto'),
      seen,
    ),
  ]
}

function withHops(value: string): string {
  return get('/', `X-Lintel-Hops: ${value}`)
}

function hops(): HostileCase[] {
  return [
    passed('fw-hops', 'a request that came through one of us counts on', withHops('3'), {
      ...seen,
      has: ['X-Lintel-Hops: 4'],
    }),
    answered('fw-hops-loop', 'above ten it is a loop', withHops('11'), 508),
    answered('fw-hops-odd', 'what is no small number counts as many', withHops('-1'), 508),
    answered('fw-hops-huge', 'so does a huge one', withHops('99999999999999999999'), 508),
    answered('fw-hops-twice', 'of two the larger counts', get('/', 'X-Lintel-Hops: 1', 'X-Lintel-Hops: 11'), 508),
    answered(
      'fw-hops-nominated',
      'Connection cannot reset it',
      get('/', 'Connection: X-Lintel-Hops', 'X-Lintel-Hops: 11'),
      508,
    ),
    passed('fw-hops-alias', 'an alias of it lacks goes on', get('/', 'X_Lintel_Hops: forged'), seen, lacks),
  ]
}
