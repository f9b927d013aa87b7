import type { ThreatClass } from './hostile-case.ts'

/** What may be done to us, and where it is shown that it does not succeed. */
export interface Threat {
  readonly class: ThreatClass
  readonly name: string
  /** Beginnings of ids of cases and shapes: each of them has some. */
  readonly ids: readonly string[]
  /** Where octets alone do not show it: the file and the title of a test, or its beginning. */
  readonly test?: readonly [file: string, title: string]
}

const threat =
  (threatClass: ThreatClass) =>
  (name: string, ids: readonly string[], test?: Threat['test']): Threat => ({
    class: threatClass,
    name,
    ids,
    ...(test !== undefined && { test }),
  })
const [a, b, c, d] = [threat('A'), threat('B'), threat('C'), threat('D')]

/** What a test of the collection holds: no threat is without a case. Rewrites of paths are not served, so none is here. */
export const threats: readonly Threat[] = [
  a('both framings', ['fr-cl-te', 'fr-te-cl']),
  a('a coding that is not one chunked', ['fr-te-gzip', 'fr-te-identity', 'fr-te-chunked-chunked', 'fr-te-10']),
  a('an odd length', ['fr-cl-plus', 'fr-cl-hex', 'fr-cl-octal', 'fr-cl-twice', 'fr-cl-2-53', 'fr-cl-list']),
  a('chunks read leniently', ['ck-lf-', 'ck-size-', 'ck-ext-bare', 'ck-ext-cr', 'ck-any-two', 'ck-more-data']),
  a('chunks that cost more than they bring', ['ck-ext-long', 'ck-ext-many', 'ck-ext-endless', 'ck-size-zeros-many']),
  a('control octets, folds and bad names', ['hs-name-', 'hs-value-', 'hs-line-fold']),
  a('a request line read leniently', ['rl-double-space', 'rl-tab', 'rl-version-', 'rl-lf-line']),
  a('heads without a bound', ['rl-long', 'hs-many', 'hs-long']),
  a('half a message completed', [
    'fr-cl-short-body-fin',
    'fr-head-fin',
    'ck-no-last',
    'ck-cut-',
    'pi-good-then-half-fin',
  ]),
  a('a body left unread', [
    'pi-404-then-good',
    'ex-100-early-final',
    'ex-early-close',
    'bl-then-good',
    'bl-chunked-then-good',
  ]),
  a('Expect that changes a length', ['ex-cl-te', 'ex-obfuscated', 'ex-twice', 'ex-get', 'ex-10']),
  a('pipelining, noise between requests, closes', [
    'pi-two',
    'pi-crlf-',
    'pi-lf-between',
    'pi-close-',
    'pi-good-then-bad',
  ]),
  a('a client that stops', ['dl-head', 'dl-body', 'dl-chunk', 'dl-trailer', 'dl-nothing']),
  b('Host missing, repeated or malformed', ['ho-missing', 'ho-twice', 'ho-comma', 'ho-userinfo', 'ho-port-', 'ho-nul']),
  b('a target that names another host', ['ho-abs-form-mismatch', 'ho-abs-form-port', 'ho-abs-form-userinfo']),
  b('hosts compared otherwise among many', ['ho-case', 'ho-suffix', 'ho-prefix', 'ho-dot']),
  b('a path with several readings', ['pa-guard-', 'pa-route-', 'pa-ok-']),
  b('octets that no target may have', ['pa-fragment', 'pa-raw-', 'pa-nul', 'pa-crlf-header']),
  b('hop-by-hop fields', ['hb-nominated', 'hb-te', 'hb-proxy-', 'hb-keep-alive']),
  b('forged fields of ours', ['fw-x-forwarded-for', 'fw-forwarded', 'fw-ssl-client-', 'fw-x-original-', 'fw-proxy']),
  b('aliases of them', ['fw-alias-', 'fw-spelling-', 'hs-alias-', 'hs-underscore-']),
  b('trailers that route, authenticate or frame', ['ck-trailer-']),
  b('singletons that are repeated', ['hs-dup-']),
  b('ids that write log lines', ['fw-request-id-'], ['test/fuzz/log-lines.ts', 'log-lines']),
  b('a loop', ['fw-hops-loop', 'fw-hops-odd']),
  c('octets before the 101', ['up-early-data', 'up-refused-pipelined', 'up-refused-guard']),
  c('h2c', ['up-h2c']),
  c('an upgrade that is none', ['up-body', 'up-10', 'up-no-connection', 'up-post']),
  c('a 101 that is none', [
    'us-101-unasked',
    'us-101-to-h2c',
    'us-101-bare',
    'us-101-after-retry',
    'us-200-to-websocket',
  ]),
  c('CONNECT', ['up-connect']),
  c(
    'tunnels that are idle or half closed',
    ['us-101-websocket'],
    ['test/hostile/tunnels.test.ts', 'tunnels of which one side has ended, and idle ones, are all freed'],
  ),
  d('answers that can be split', [
    'us-both-lengths',
    'us-length-',
    'us-coding-',
    'us-body-long',
    'us-eager',
    'us-idle-',
  ]),
  d('answers that are cut', ['us-body-short', 'us-chunks-cut']),
  d('interim answers without end, bodies where none is', [
    'us-interim-',
    'us-204-',
    'us-304-',
    'us-head-',
    'us-status-',
  ]),
  d(
    'a connection that closes as it is used again',
    ['us-idle-fin', 'us-idle-reset', 'us-fin-at-once', 'us-reset-at-once'],
    ['test/hostile/endpoints.test.ts', 'connections that close as they are used again cost no GET'],
  ),
  d(
    'a connection that speaks for whoever authenticated it',
    ['us-ntlm-', 'us-negotiate-'],
    ['src/serve/upstream-connection.test.ts', 'a connection is not used again after'],
  ),
  d(
    'storms of retries',
    ['us-fin-at-once-get', 'us-reset-at-once-get'],
    ['test/hostile/endpoints.test.ts', 'where half of the endpoints fail, a fifth more requests reach them'],
  ),
  d(
    'an endpoint that is slow or dead',
    ['us-silent'],
    ['test/hostile/endpoints.test.ts', 'of four endpoints one takes no connections'],
  ),
]
