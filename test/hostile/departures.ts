import { valuesOf } from '../support/strict-request.ts'
import type { Field, StrictRequest } from '../support/strict-request.ts'
import { lineOf, nameIn } from './arrival.ts'
import type { Arrival } from './arrival.ts'
import { dangersOf } from './dangers.ts'
import type { HostileCase, Seen } from './hostile-case.ts'
import { fold, isManaged } from './managed-names.ts'
import { probePath } from './play.ts'
import type { Played } from './play.ts'

type Comparison = readonly [what: string, is: unknown, want: unknown]

/** In what a play departed from its case to the letter: this is how we hold ourselves. */
export function departuresOf(one: HostileCase, from: string, played: Played, arrivals: readonly Arrival[]): string[] {
  const dangers = dangersOf(one, from, arrivals)
  if (one.mayEnd === true && endedEarly(one, played) && arrivals.length === 0) return dangers
  const requests = arrivals.flatMap(({ request, service }) => (request === undefined ? [] : [{ request, service }]))
  const asked = requests.filter(({ request }) => request.target !== probePath)
  return [
    ...dangers,
    ...differences([
      ['answers', played.statuses, one.closes ? one.answers : [...one.answers, 200]],
      ['interim answers', played.interim, one.interim ?? []],
      ['ended', played.ended, true],
      [
        'requests',
        asked.map(({ request, service }) => `${lineOf(request)} at ${service}`),
        one.sees.map(({ line, service = 'open' }) => `${line} at ${service}`),
      ],
      ['probes', requests.length - asked.length, one.closes ? 0 : 1],
    ]),
    ...requests.flatMap(({ request }) => differences(generatedFields(request, from))),
    ...asked.flatMap(({ request }, at) => differences(describedParts(request, one.sees[at], one.lacks))),
  ]
}

function differences(comparisons: readonly Comparison[]): string[] {
  return comparisons
    .map(([what, is, want]) => [what, JSON.stringify(is), JSON.stringify(want)] as const)
    .filter(([, is, want]) => is !== want)
    .map(([what, is, want]) => `${what}: ${is}, not ${want}`)
}

function endedEarly({ answers }: HostileCase, { statuses, ended }: Played): boolean {
  return ended && statuses.length === 1 && statuses[0] === answers[0]
}

/** All that is ours to say, once, and nothing of its kind beside it. */
function generatedFields({ fields, head, body }: StrictRequest, from: string): Comparison[] {
  const all = (name: string): string[] => valuesOf(fields, name)
  const [host = ''] = all('host')
  const tokens = all('x-request-id').filter((value) => /^[!#$%&'*+.^_`|~\dA-Za-z-]{1,128}$/.test(value))
  return [
    ...['x-real-ip', 'x-forwarded-for'].map((name): Comparison => [name, all(name), [from]]),
    ...['x-forwarded-proto', 'x-forwarded-scheme', 'x-scheme'].map((name): Comparison => [name, all(name), ['http']]),
    ['version', / HTTP\/1\.1\r\n/.test(head), true],
    ['x-forwarded-host', all('x-forwarded-host'), [host]],
    ['x-forwarded-port', all('x-forwarded-port').map((value) => /^\d+$/.test(value)), [true]],
    ['x-request-id', tokens.length, all('x-request-id').length],
    ['request ids', tokens.length, 1],
    ['x-lintel-hops', all('x-lintel-hops').map((value) => /^\d{1,2}$/.test(value)), [true]],
    ['fields that end with us', fields.filter(([name]) => endsWithUs(name)), []],
    ['transfer-encoding', all('transfer-encoding').filter((value) => value !== 'chunked'), []],
    ['content-length', all('content-length').filter((value) => value !== String(body.length)), []],
    ['connection', all('connection'), expectedOptions(fields)],
  ]
}

function endsWithUs(name: string): boolean {
  return !generated.has(name.toLowerCase()) && (isManaged(name) || hopByHop.has(fold(name)) || name.includes('_'))
}

function expectedOptions(fields: readonly Field[]): string[] {
  if (valuesOf(fields, 'upgrade').length > 0) return ['upgrade']
  return valuesOf(fields, 'te').length > 0 ? ['TE'] : []
}

function describedParts(request: StrictRequest, seen?: Seen, lacks: readonly string[] = []): Comparison[] {
  const { fields, head, body, trailers } = request
  if (seen === undefined) return []
  const lines = trailers.map(([name, value]) => `${name}: ${value}`)
  return [
    ['lines that are missing', (seen.has ?? []).filter((line) => !head.includes(`\r\n${line}\r\n`)), []],
    ['texts that end with us', lacks.filter((text) => head.includes(text)), []],
    ['host', nameIn(valuesOf(fields, 'host')[0]), seen.host ?? 'a.test'],
    ['body', body, seen.body ?? ''],
    ['trailers', lines, seen.trailers ?? []],
  ]
}

const generated: ReadonlySet<string> = new Set([
  'connection',
  'te',
  'transfer-encoding',
  'upgrade',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-proto',
  'x-forwarded-scheme',
  'x-real-ip',
  'x-scheme',
])
const hopByHop: ReadonlySet<string> = new Set([
  'connection',
  'expect',
  'http2-settings',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'upgrade',
])
