import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import type { HostTable, RouteTable } from '../../src/model/index.ts'
import { RouterBuilder } from '../../src/route/index.ts'
import type { Decision, Step } from '../../src/route/index.ts'
import { requestHead } from '../support/request-head.ts'
import { defaultRoute, hostTable, routeTable } from '../support/route-table.ts'
import { decideSlowly } from '../support/slow-router.ts'

const tables = 2_000
const requestsPerTable = 50

const hostNames = ['a.test', '*.a.test', '*.b.a.test', 'b.a.test', '*.0.0.1', ''] as const
const ruleElements = ['a', 'b', 'foo', 'A', '%61', '%2e', 'x y', 'föö', 'f%c3%b6', '%zz', 'a;v', 'p?q', '\\', '%5c', '']
const plainElements = ['a', 'b', 'foo', 'A', '%61', '%46oo', 'x%20y', 'f%C3%B6%c3%b6', '%zz', '%', 'p%3Fq']
const dotElements = ['', '', '.', '..', '%2e%2E', '.%2e', '..%2f', '..;', '..\\']
const oddElements = ['a%2Fb', 'a%252fb', '%2561', 'a;v', ';', '%3b', '%253B', 'a\\b', '%5c', '%00', '%250a']
const requestElements = [...plainElements, ...dotElements, ...oddElements]

const rule = fc.record({
  type: fc.constantFrom('Exact', 'Prefix', 'ImplementationSpecific'),
  path: fc.array(fc.constantFrom(...ruleElements), { maxLength: 3 }).map((elements) => `/${elements.join('/')}`),
  to: fc.constantFrom('one', 'two', 'three'),
})

const host: fc.Arbitrary<HostTable> = fc
  .record({
    name: fc.constantFrom(...hostNames),
    rules: fc.array(rule, { maxLength: 6 }),
    fallback: fc.boolean(),
    mergeSlashes: fc.boolean(),
  })
  .map(({ name, rules, fallback, mergeSlashes }) =>
    hostTable(name, rules, { mergeSlashes, ...(fallback && { fallback: defaultRoute('one') }) }),
  )

const table: fc.Arbitrary<RouteTable> = fc
  .tuple(fc.array(host, { maxLength: 5 }), fc.boolean())
  .map(([hosts, catchAll]) => routeTable(hosts, catchAll ? defaultRoute('two') : undefined))

const path = fc.oneof(
  { weight: 1, arbitrary: fc.constant('*') },
  {
    weight: 60,
    arbitrary: fc
      .array(fc.constantFrom(...requestElements), { minLength: 1, maxLength: 4 })
      .map((elements) => `/${elements.join('/')}`),
  },
)

const request = fc.record({
  host: fc.constantFrom(
    'a.test',
    'A.TEST:80',
    'b.a.test.',
    'c.a.test',
    'x.b.a.test',
    'c_d.a.test',
    '10.0.0.1',
    'z',
    '-',
  ),
  path,
})

function nameOf({ route, answer }: Decision): string {
  return route === undefined ? answer.reason : 'route'
}

test('decide() agrees with the definitions, traced or not', () => {
  const builder = new RouterBuilder()
  const seen = new Map<string, number>()
  const check = (routes: RouteTable, requests: readonly { host: string; path: string }[]): void => {
    const router = builder.build(routes)
    for (const asked of requests) {
      const head = requestHead(asked.host, asked.path)
      const decision = router.decide(head)
      const steps: Step[] = []
      assert.equal(
        decision.route ?? decision.answer.reason,
        decideSlowly(routes, asked.host === '-' ? undefined : asked.host, asked.path),
        `${asked.host} ${asked.path}`,
      )
      assert.deepEqual(
        router.decide(head, (step) => steps.push(step)),
        decision,
      )
      assert.ok(steps.length > 0)
      seen.set(nameOf(decision), (seen.get(nameOf(decision)) ?? 0) + 1)
    }
  }
  const requests = fc.array(request, { minLength: requestsPerTable, maxLength: requestsPerTable })
  fc.assert(fc.property(table, requests, check), { numRuns: tables, seed: 20_261_124 })
  for (const end of ['route', 'NoRoute', 'AmbiguousPath', 'BadRequest'])
    assert.ok((seen.get(end) ?? 0) > 1_000, `${end}: ${seen.get(end) ?? 0} times`)
})

test('decide() answers for one host as for the same host among 10,000', () => {
  const others = Array.from({ length: 10_000 }, (_, at) =>
    hostTable(`host-${at}.test`, [{ type: 'Prefix', path: '/' }]),
  )
  const builder = new RouterBuilder()
  const check = (one: HostTable, asked: { host: string; path: string }): void => {
    const head = requestHead(asked.host, asked.path)
    const alone = builder.build(routeTable([one])).decide(head)
    const among = builder.build(routeTable([...others, one])).decide(head)
    assert.deepEqual(among, alone)
  }
  fc.assert(fc.property(host, request, check), { numRuns: 200, seed: 20_261_124 })
})
