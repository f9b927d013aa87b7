import assert from 'node:assert/strict'

import { RouterBuilder } from '../../src/route/index.ts'
import type { Decision } from '../../src/route/index.ts'
import { requestHead } from '../support/request-head.ts'
import { defaultRoute, hostTable, routeTable } from '../support/route-table.ts'
import type { Campaign } from './campaign.ts'
import { pathPieces } from './dictionary.ts'

const corpus: readonly string[] = [
  '/admin',
  '/public/../admin',
  '/public/%2e%2e/admin/x',
  '/public/..;a=b/admin',
  '/public%2f..%2fadmin',
  '/public\\..\\admin',
  '//admin//a/',
  '/%61dmin',
  '/%2561dmin',
  '/public/a;v=1/b',
  '/a/./b/../c',
  '/f%C3%B6/%zz',
]

const rules = [
  { type: 'Prefix', path: '/admin', to: 'guarded' },
  { type: 'Exact', path: '/admin/login', to: 'login' },
  { type: 'Prefix', path: '/public', to: 'open' },
  { type: 'Exact', path: '/public/a b', to: 'login' },
] as const
const builder = new RouterBuilder()
const open = builder.build(
  routeTable([
    hostTable('a.test', rules, { fallback: defaultRoute('open') }),
    hostTable('m.test', rules, { mergeSlashes: true }),
  ]),
)
const asked = (host: string, path: string): Decision => open.decide(requestHead(host, path))

/** What an upstream might make of a path: any of these, in any order, again and again. */
const backEnds: readonly ((path: string) => string)[] = [
  (path) => path.replaceAll(/%([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
  (path) => path.replaceAll('\\', '/'),
  (path) => path.replaceAll(/\/+/g, '/'),
  (path) => path.replaceAll(/;[^/]*/g, ''),
  withoutDots,
]

function withoutDots(path: string): string {
  const kept: string[] = []
  const elements = path.slice(1).split('/')
  for (const [at, element] of elements.entries()) {
    if (element === '..') kept.pop()
    else if (element !== '.') kept.push(element)
    if (at === elements.length - 1 && (element === '.' || element === '..')) kept.push('')
  }
  return `/${kept.join('/')}`
}

/** By the definition: leading elements, or the very text. `path` is decoded. */
function endOf(path: string): string {
  if (path === '/admin/login' || path === '/public/a b') return 'login'
  const first = /^\/([^/]*)/.exec(path)?.[1]
  if (first === 'admin') return 'guarded'
  return 'open'
}

/** One decoding of every code, since rules compare by octets. */
function plainly(path: string): string {
  return backEnds[0]?.(path) ?? path
}

function readAs(path: string): ReadonlySet<string> {
  const seen = new Set([path])
  for (const reading of seen) for (const step of backEnds) if (seen.size < 200) seen.add(step(reading))
  return seen
}

function check(input: string): string {
  const path = `/${input.replaceAll(/[^!-~\x80-\xff]|[?#]/g, '')}`
  const decision = asked('a.test', path)
  const merged = asked('m.test', path)
  assert.deepEqual(merged, asked('m.test', path.replaceAll(/\/+/g, '/')))
  if (decision.route === undefined) {
    assert.ok(decision.answer.reason === 'AmbiguousPath' || decision.answer.reason === 'BadRequest')
    return decision.answer.reason
  }
  const readings = readAs(path)
  for (const reading of readings) {
    // A reading with a code of a reserved octet left in it is not final: its decoded form is among the readings too.
    if (plainly(reading) === reading) assert.equal(endOf(reading), decision.route.end, `${path} read as ${reading}`)
  }
  return `${decision.route.end}, ${Math.min(3, readings.size)}`
}

/** The unanimity rule: whatever an upstream decodes, merges, cuts or resolves, a routed path never ends at another rule. */
export const paths: Campaign = { name: 'paths', corpus, dictionary: pathPieces, check }
