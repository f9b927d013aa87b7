import assert from 'node:assert/strict'
import { test } from 'node:test'

import { ingress } from '../../test/support/objects.ts'
import { Closings } from './closings.ts'
import { contribute } from './contribution.ts'
import type { Contribution } from './contribution.ts'
import { readIngress } from './kinds/index.ts'
import { readConfig } from './read-config.ts'

const config = readConfig({ ref: { kind: 'ConfigMap', namespace: 'a', name: 'b' }, data: new Map() }, [])
const guarded = {
  'nginx.ingress.kubernetes.io/use-regex': 'true',
  'nginx.ingress.kubernetes.io/auth-url': 'https://auth.test',
}

function contributionOf(name: string, paths: readonly string[], annotations = {}): Contribution {
  const rules = paths.map((path) => `a.test Impl ${path} -> s`)
  const { value } = readIngress(ingress(name, { class: 'nginx', annotations, rules }))
  assert.ok(value)
  return contribute(value, 'ingress-nginx', config)
}

function placedIn(contribution: Contribution) {
  const paths = contribution.ingress.rules.flatMap(({ paths: some = [] }) => some)
  return paths.map((path) => ({ contribution, path }))
}

/** So many paths that a look at all expressions for each of them would take minutes, as one object may have them. */
test('a rule looks at each Ingress that has expressions above it once, however many those are', () => {
  const many = Array.from({ length: 1_000 }, (_, at) => at)
  const patterns = contributionOf(
    'patterns',
    many.flatMap((at) => [`/a/(x${at})/longer`, `/b${at}/(x)/longer`]),
    guarded,
  )
  let looks = 0
  const watched: Contribution = {
    ...patterns,
    get ingress() {
      return (looks++, patterns.ingress)
    },
  }
  const plain = placedIn(
    contributionOf(
      'plain',
      many.map((at) => `/a/${at}`),
    ),
  )
  const closings = new Closings(placedIn(patterns).map(({ path }) => ({ contribution: watched, path })))
  for (const rule of plain) assert.deepEqual([...closings.guardsAround(rule)], ['auth-url'])
  assert.equal(looks, plain.length)
})

test('of expressions that begin alike the one that is asked first closes, in whatever order they stand', () => {
  const expressions = ['/a/(b)', '/a/(b)/long/enough', '/a/(c)']
  const [rule] = placedIn(contributionOf('plain', ['/a/b/public']))
  for (const some of [expressions, expressions.toReversed()]) {
    const closings = new Closings(placedIn(contributionOf('patterns', some, guarded)))
    assert.deepEqual([...closings.guardsAround(rule!)], ['auth-url'])
  }
})
