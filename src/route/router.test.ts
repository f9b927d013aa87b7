import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import { requestHead } from '../../test/support/request-head.ts'
import { defaultRoute, hostTable, routeTable } from '../../test/support/route-table.ts'
import type { RuleText } from '../../test/support/route-table.ts'
import { RequestScanner } from '../http/index.ts'
import type { PathType, RouteTable } from '../model/index.ts'
import { RouterBuilder } from './router.ts'
import type { Router, Step } from './router.ts'

function routerFor(table: RouteTable): Router {
  return new RouterBuilder().build(table)
}

/** Where a request ends: the end of its route, or the word of our answer. */
function endOf(router: Router, host: string, target: string): string {
  const { route, answer } = router.decide(requestHead(host, target))
  return route === undefined ? answer.reason : route.end
}

function stepsOf(router: Router, host: string, target: string): Step[] {
  const steps: Step[] = []
  router.decide(requestHead(host, target), (step) => steps.push(step))
  return steps
}

function anyPath(to: string): readonly RuleText[] {
  return [{ type: 'Prefix', path: '/', to }]
}

suite('decide() chooses the host', () => {
  const three = [hostTable('foo.com', anyPath('A')), hostTable('*.foo.com', anyPath('W')), hostTable('', anyPath('N'))]
  const onePath = [
    hostTable('a.foo.com', [{ type: 'Prefix', path: '/a', to: 'A' }]),
    hostTable('*.foo.com', anyPath('W')),
  ]
  const nested = [hostTable('*.b.foo.com', anyPath('WB')), hostTable('*.foo.com', anyPath('W'))]
  const wildcard = [hostTable('*.foo.com', anyPath('W'))]
  const odd = [hostTable('*.0.0.1', anyPath('W')), hostTable('*.foo.com', anyPath('W')), hostTable('', anyPath('N'))]

  const rows = [
    [three, 'foo.com', 'A'],
    [three, 'FOO.com', 'A'],
    [three, 'foo.com:8443', 'A'],
    [three, 'foo.com.', 'A'],
    [three, 'foo.com.:80', 'A'],
    [three, 'foo.com..', 'N'],
    [three, 'x.foo.com', 'W'],
    [three, 'X.Foo.Com:80', 'W'],
    [three, 'x.foo.com.', 'W'],
    [three, 'y.x.foo.com', 'N'],
    [three, 'other.org', 'N'],
    [three, '10.1.2.3', 'N'],
    [three, '[::1]:80', 'N'],
    [three, '', 'N'],
    [three, '-', 'N'],
    [onePath, 'a.foo.com', 'D'],
    [onePath, 'b.foo.com', 'W'],
    [nested, 'a.b.foo.com', 'WB'],
    [nested, 'b.foo.com', 'W'],
    [nested, 'b.b.b.foo.com', 'D'],
    [wildcard, 'foo.com', 'D'],
    [wildcard, '.foo.com', 'D'],
    [[hostTable('xn--bcher-kva.example', anyPath('I'))], 'xn--bcher-kva.example', 'I'],
    [[hostTable('1.2.3', anyPath('I'))], '1.2.3', 'I'],
    [odd, '10.0.0.1', 'N'],
    [odd, 'a_b.foo.com', 'N'],
    [odd, 'a~b.foo.com', 'N'],
    [odd, 'a-b.foo.com', 'W'],
  ] as const

  for (const [hosts, host, expected] of rows) {
    const rules = hosts.map((table) => table.host || 'none').join(', ')
    test(`${rules}: Host ${host || '(empty)'} ends at ${expected}`, () => {
      const withDefault = routerFor(routeTable(hosts, defaultRoute('D')))
      const without = routerFor(routeTable(hosts))
      // A host table that matched answers for itself: nothing falls through to the catch-all (own hosts).
      const end = expected === 'D' && host === 'a.foo.com' ? 'NoRoute' : expected
      assert.equal(endOf(withDefault, host, '/'), end)
      assert.equal(endOf(without, host, '/'), expected === 'D' ? 'NoRoute' : expected)
    })
  }
})

suite('decide() falls back', () => {
  const api: readonly RuleText[] = [{ type: 'Prefix', path: '/api', to: 'api' }]
  const own = { fallback: defaultRoute('own') }

  test('to the default backend of the host that matched', () => {
    const router = routerFor(routeTable([hostTable('a.test', api, own)], defaultRoute('all')))
    assert.equal(endOf(router, 'a.test', '/api'), 'api')
    assert.equal(endOf(router, 'a.test', '/x'), 'own')
  })

  test('to the catch-all only without a host table or from the one without a host', () => {
    const hosts = [hostTable('a.test', api), hostTable('', api)]
    const router = routerFor(routeTable(hosts, defaultRoute('all')))
    assert.equal(endOf(router, 'a.test', '/x'), 'NoRoute')
    assert.equal(endOf(router, 'b.test', '/x'), 'all')
    assert.equal(endOf(routerFor(routeTable(hosts.slice(0, 1), defaultRoute('all'))), 'b.test', '/x'), 'all')
  })

  test('from the rules without a host first to their own default backend', () => {
    const router = routerFor(routeTable([hostTable('', api, own)], defaultRoute('all')))
    assert.equal(endOf(router, 'b.test', '/x'), 'own')
  })

  test('from OPTIONS * to a default backend, never to a rule', () => {
    const rules = [...api, ...anyPath('root')]
    assert.equal(endOf(routerFor(routeTable([hostTable('a.test', rules)])), 'a.test', '*'), 'NoRoute')
    assert.equal(endOf(routerFor(routeTable([hostTable('a.test', rules, own)])), 'a.test', '*'), 'own')
    assert.equal(endOf(routerFor(routeTable([], defaultRoute('all'))), 'a.test', '*'), 'all')
  })
})

/** Rules as `P /a`: P, E or I for the type. Absent ends are the rules' own texts. */
function readRules(text: string): RuleText[] {
  const types: Readonly<Record<string, PathType>> = { P: 'Prefix', E: 'Exact', I: 'ImplementationSpecific' }
  return text.split(', ').map((rule) => ({
    type: types[rule.slice(0, 1)] ?? 'Prefix',
    path: rule.slice(2),
    to: rule,
  }))
}

suite('decide() matches paths', () => {
  const no = 'NoRoute'
  const refused = 'AmbiguousPath'
  const rows: readonly (readonly [number: number, rules: string, target: string, end: string])[] = [
    [1, 'P /', '/any/thing', 'P /'],
    [2, 'E /', '/', 'E /'],
    [3, 'E /', '/foo', no],
    [4, 'E /foo', '/foo', 'E /foo'],
    [5, 'E /foo', '/foo/', no],
    [6, 'E /foo/', '/foo', no],
    [7, 'E /foo/', '/foo/', 'E /foo/'],
    [8, 'E /foo', '/bar', no],
    [9, 'E /foo', '/FOO', no],
    [10, 'E /foo', '/foo?x=1', 'E /foo'],
    [11, 'E /foo', '/foobar', no],
    [12, 'P /foo', '/foo', 'P /foo'],
    [13, 'P /foo', '/foo/', 'P /foo'],
    [14, 'P /foo', '/foo/bar', 'P /foo'],
    [15, 'P /foo', '/foobar', no],
    [16, 'P /foo', '/FOO', no],
    [17, 'P /foo', '/foo?x=/bar', 'P /foo'],
    [18, 'P /foo/', '/foo', 'P /foo/'],
    [19, 'P /foo/', '/foo/', 'P /foo/'],
    [20, 'P /foo/', '/foobar', no],
    [21, 'P /aaa/bb', '/aaa/bbb', no],
    [22, 'P /aaa/bbb', '/aaa/bbb', 'P /aaa/bbb'],
    [23, 'P /aaa/bbb/', '/aaa/bbb', 'P /aaa/bbb/'],
    [24, 'P /aaa/bbb/', '/aaa/bbb/', 'P /aaa/bbb/'],
    [25, 'P /aaa/bbb', '/aaa/bbb/', 'P /aaa/bbb'],
    [26, 'P /aaa/bbb', '/aaa/bbb/ccc', 'P /aaa/bbb'],
    [27, 'P /aaa/bbb', '/aaa/bbbxyz', no],
    [28, 'P /aaa, P /aaa/bbb', '/aaa/bbb', 'P /aaa/bbb'],
    [29, 'P /aaa, P /aaa/bbb', '/aaa/ccc', 'P /aaa'],
    [30, 'P /aaa, P /aaa/bbb', '/aaaccc', no],
    [31, 'P /, P /aaa, P /aaa/bbb', '/ccc', 'P /'],
    [32, 'P /aaa', '/ccc', no],
    [33, 'P /foo, E /foo', '/foo', 'E /foo'],
    [34, 'P /foo, E /foo', '/foo/', 'P /foo'],
    [35, 'P /foo, E /foo', '/foo/bar', 'P /foo'],
    [36, 'P /foo/, E /foo', '/foo', 'E /foo'],
    [37, 'P /foo, E /foo/', '/foo/', 'E /foo/'],
    [38, 'P /foo, P /foo/', '/foo', 'P /foo/'],
    [39, 'P /foo, P /foo/', '/foo/x', 'P /foo/'],
    [40, 'P /foo', '/foo//bar', 'P /foo'],
    [41, 'P /foo/bar', '/foo//bar', refused],
    [42, 'E /foo', '//foo', refused],
    [43, 'P /', '//', 'P /'],
    [44, 'P /foo', '/foo;v=1', refused],
    [45, 'P /foo', '/fo%6F', 'P /foo'],
    [46, 'E /foo', '/%66oo', 'E /foo'],
    [47, 'P /foo', '/foo%2Fbar', refused],
    [48, 'E /a%20b', '/a%20b', 'E /a%20b'],
    [49, 'E /a b', '/a%20b', 'E /a b'],
    [50, 'E /caf%c3%a9', '/caf%C3%A9', 'E /caf%c3%a9'],
    [51, 'P /admin', '/public/../admin/x', refused],
    [52, 'P /public', '/public/../admin', refused],
    [53, 'P /public', '/public/%2e%2e/admin', refused],
    [54, 'P /public', '/public/..%2fadmin', refused],
    [55, 'E /foo?bar', '/foo?bar', no],
    [55, 'E /foo?bar', '/foo%3Fbar', no],
    [56, 'E /foo#x', '/foo', no],
    [56, 'E /foo#x', '/foo%23x', no],
    [57, 'I ', '/any/thing', 'I '],
    [58, 'I /foo', '/foo/bar', 'I /foo'],
    [59, 'I /foo//bar', '/foo//bar', refused],
    [59, 'P /, I /foo//bar', '/foo//bar', refused],
    [60, 'P /foo', '*', no],
    [63, 'P /foo', '/foo/.', 'P /foo'],
    [64, 'E /foo/', '/foo/.', refused],
    [65, 'P /föö', '/f%C3%B6%C3%B6', 'P /föö'],
  ]

  for (const [number, rules, target, expected] of rows) {
    for (const order of ['as written', 'reversed']) {
      test(`row ${number}: ${rules} (${order}): ${target} ends at ${expected}`, () => {
        const written = readRules(rules)
        const table = routeTable([hostTable('a.test', order === 'reversed' ? written.toReversed() : written)])
        assert.equal(endOf(routerFor(table), 'a.test', target), expected)
      })
    }
  }

  test('rows 61 and 62: an absolute form has the path that it says, and / if it says none', () => {
    const scanner = new RequestScanner({ requestLine: 1_000, head: 1_000, fields: 10 })
    const router = routerFor(routeTable([hostTable('a.test', readRules('P /foo'))]))
    const end = (target: string): string => {
      const head = Buffer.from(`GET ${target} HTTP/1.1\r\nHost: a.test\r\n\r\n`)
      assert.equal(scanner.scan(head, 0, head.length), head.length)
      const { route, answer } = router.decide(scanner.head)
      return route === undefined ? answer.reason : route.end
    }
    assert.equal(end('http://a.test/foo'), 'P /foo')
    assert.equal(end('http://A.TEST/foo/x?y'), 'P /foo')
    assert.equal(end('http://a.test'), no)
    assert.equal(end('http://a.test?/foo'), no)
  })

  test('P-5: an equal Prefix beats ImplementationSpecific, a longer ImplementationSpecific beats Prefix', () => {
    const table = routeTable([hostTable('a.test', readRules('I /foo, P /foo, I /foo/bar'))])
    assert.equal(endOf(routerFor(table), 'a.test', '/foo/x'), 'P /foo')
    assert.equal(endOf(routerFor(table), 'a.test', '/foo/bar/x'), 'I /foo/bar')
  })
})

test('decide() refuses what came through more than ten proxies of this kind', () => {
  const router = routerFor(routeTable([], defaultRoute('all')))
  assert.equal(router.decide(requestHead('a.test', '/', { hops: 10 })).route?.end, 'all')
  assert.deepEqual(router.decide(requestHead('a.test', '/', { hops: 11 })).answer, { reason: 'LoopDetected' })
})

test('decide() compares ends, not rules: readings that end behind the same guards go on by the first', () => {
  const rules: readonly RuleText[] = [
    { type: 'Prefix', path: '/', to: 'same' },
    { type: 'Prefix', path: '/a', to: 'same' },
  ]
  const { route } = routerFor(routeTable([hostTable('a.test', rules)])).decide(requestHead('a.test', '/x/../a'))
  assert.equal(route?.rule.path, '/')
})

test('decide() merges // first where the host says so', () => {
  const merged = hostTable('a.test', readRules('P /foo, E /foo/bar'), { mergeSlashes: true })
  const router = routerFor(routeTable([merged]))
  assert.equal(endOf(router, 'a.test', '//foo///bar'), 'E /foo/bar')
  assert.equal(endOf(router, 'a.test', '/foo%2F/bar'), 'AmbiguousPath')
})

test('decide() stays cheap for a path of thousands of elements', (t) => {
  const router = routerFor(routeTable([hostTable('a.test', readRules('P /, P /a/a/a'))]))
  const asked = requestHead('a.test', '/a'.repeat(8_000))
  // Counts look-ups instead of time: each costs as much as its key is long.
  const get = t.mock.method(Map.prototype, 'get')
  const end = router.decide(asked).route?.end
  const keys = get.mock.calls.map((call) => String(call.arguments[0]))
  get.mock.restore()
  assert.equal(end, 'P /a/a/a')
  assert.ok(keys.includes('/a/a/a'))
  assert.ok(keys.filter((key) => key.length > 100).length <= 1, `${keys.length} look-ups`)
})

test('a builder works a host out when it is first asked for, and again only when its table is another', () => {
  let reads = 0
  const table = hostTable('a.test', readRules('P /'))
  const counted = {
    ...table,
    get rules() {
      reads++
      return table.rules
    },
  }
  const builder = new RouterBuilder()
  const first = builder.build(routeTable([counted]))
  assert.equal(reads, 0)
  assert.equal(endOf(first, 'a.test', '/'), 'P /')
  const second = builder.build(routeTable([counted], defaultRoute('all')))
  assert.equal(endOf(second, 'a.test', '/x'), 'P /')
  assert.equal(reads, 1)
  const third = builder.build(routeTable([hostTable('a.test', readRules('P /api'))], defaultRoute('all')))
  assert.equal(endOf(third, 'a.test', '/api'), 'P /api')
  assert.equal(endOf(third, 'a.test', '/x'), 'NoRoute')
})

test('a router that another has followed still answers by its own table', () => {
  const builder = new RouterBuilder()
  const first = builder.build(
    routeTable([hostTable('a.test', readRules('P /')), hostTable('*.b.test', readRules('P /b'))]),
  )
  for (const [host, path, end] of [
    ['a.test', '/', 'P /'],
    ['x.b.test', '/b', 'P /b'],
  ] as const)
    assert.equal(endOf(first, host, path), end)
  const second = builder.build(routeTable([hostTable('x.b.test', readRules('P /own'))], defaultRoute('all')))
  assert.equal(endOf(second, 'a.test', '/'), 'all')
  assert.equal(endOf(second, 'x.b.test', '/own'), 'P /own')
  for (const [host, path, end] of [
    ['a.test', '/', 'P /'],
    ['x.b.test', '/b', 'P /b'],
  ] as const)
    assert.equal(endOf(first, host, path), end)
})

suite('decide() tells a trace', () => {
  const rules = readRules('P /, P /api, E /api, I ')
  const table = routeTable([hostTable('a.test', rules), hostTable('*.a.test', rules), hostTable('', readRules('E /x'))])
  const router = routerFor(table)

  test('each rule in order of precedence, and why it lost', () => {
    assert.deepEqual(stepsOf(router, 'a.test', '/api/x'), [
      { step: 'host', outcome: 'a.test', reason: 'the precise host' },
      { step: 'rule', outcome: 'no match', reason: 'Exact /api does not match /api/x' },
      { step: 'rule', outcome: 'chosen', reason: 'Prefix /api of default/test matches /api/x' },
      { step: 'rule', outcome: 'lost', reason: 'Prefix / matches /api/x, but a rule before it is more specific' },
      {
        step: 'rule',
        outcome: 'lost',
        reason: 'ImplementationSpecific / matches /api/x, but a rule before it is more specific',
      },
    ])
  })

  test('which host table applies', () => {
    const hostStep = (host: string): Step | undefined => stepsOf(router, host, '/').at(0)
    assert.deepEqual(hostStep('b.a.test'), {
      step: 'host',
      outcome: '*.a.test',
      reason: 'b.a.test is one label below',
    })
    assert.equal(hostStep('c.test')?.outcome, 'any host')
    assert.equal(hostStep('-')?.outcome, 'any host')
    assert.equal(stepsOf(routerFor(routeTable([])), 'c.test', '/').at(0)?.outcome, 'none')
  })

  test('that an empty path is a rule and not a default backend', () => {
    const steps = stepsOf(routerFor(routeTable([hostTable('a.test', readRules('I '))])), 'a.test', '/')
    assert.deepEqual(
      steps.map(({ step, outcome }) => [step, outcome]),
      [
        ['host', 'a.test'],
        ['rule', 'chosen'],
      ],
    )
  })

  test('that a default backend takes what no rule matches, or that there is none', () => {
    assert.deepEqual(stepsOf(routerFor(routeTable([], defaultRoute('all'))), 'c.test', '/').at(-1), {
      step: 'default',
      outcome: 'chosen',
      reason: 'no rule matches; the default backend takes it',
    })
    assert.equal(stepsOf(router, 'c.test', '/').at(-1)?.outcome, 'none')
  })

  test('which reading of a path ends elsewhere, and no rule as if it were chosen', () => {
    assert.deepEqual(stepsOf(router, 'a.test', '/x/../api'), [
      { step: 'host', outcome: 'a.test', reason: 'the precise host' },
      {
        step: 'path',
        outcome: 'refused',
        reason: '/x/../api ends at default/P /:80, but read as /api at default/E /api:80',
      },
    ])
    assert.equal(stepsOf(router, 'a.test', '/%00').at(-1)?.outcome, 'refused')
    assert.deepEqual(stepsOf(router, 'a.test', '/z/../y').at(1), {
      step: 'path',
      outcome: '/z/../y',
      reason: 'all 2 readings end alike',
    })
  })

  test('a loop alone', () => {
    const steps: Step[] = []
    router.decide(requestHead('a.test', '/', { hops: 11 }), (step) => steps.push(step))
    assert.deepEqual(
      steps.map(({ step }) => step),
      ['loop'],
    )
  })
})
