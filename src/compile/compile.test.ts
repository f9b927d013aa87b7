import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import { compileOptions } from '../../test/support/compile-options.ts'
import { ingress, service, snapshotOf } from '../../test/support/objects.ts'
import type { IngressText } from '../../test/support/objects.ts'
import { requestHead } from '../../test/support/request-head.ts'
import type { Compilation, Route, SourceObject } from '../model/index.ts'
import { RouterBuilder } from '../route/index.ts'
import { Compiler } from './compile.ts'

const services = ['a', 'b', 'c', 'd'].flatMap((name) => [service(name), service(name, 'other')])

function compile(ingresses: readonly SourceObject[]): Compilation {
  return new Compiler(compileOptions).compile(snapshotOf([...ingresses, ...services]))
}

/** Each text an Ingress of its own, named i0, i1 and so on. */
function compileTexts(...texts: readonly IngressText[]): Compilation {
  return compile(texts.map((text, at) => ingress(`i${at}`, text)))
}

/** The route of `HOST/PATH`, if there is one. */
function routeOf({ table }: Compilation, url: string): Route | undefined {
  const [, host = '', path = ''] = /^([^/]*)(.*)$/.exec(url) ?? []
  return new RouterBuilder().build(table).decide(requestHead(host, path)).route
}

/** The Service that `HOST/PATH` ends at, its refusal, or nothing. */
function endOf(compilation: Compilation, url: string): string {
  const route = routeOf(compilation, url)
  if (route === undefined) return ''
  return (
    route.refusal ?? route.targets.map(({ backend }) => backend.replace(/^default\//, '').replace(/:80$/, '')).join()
  )
}

/** `INGRESS CODE field` of each finding. */
function saidOf({ diagnostics }: Compilation): string[] {
  return diagnostics.map(({ object, code, field }) => `${object.name} ${code} ${field}`)
}

interface Row {
  readonly what: string
  readonly given: readonly IngressText[]
  readonly ends: Readonly<Record<string, string>>
  readonly said?: readonly string[]
}

function runRows(rows: readonly Row[]): void {
  for (const { what, given, ends, said = [] } of rows)
    test(what, () => {
      const compilation = compileTexts(...given)
      const found = Object.keys(ends).map((url) => [url, endOf(compilation, url)])
      assert.deepEqual(Object.fromEntries(found), ends)
      assert.deepEqual(saidOf(compilation), said)
    })
}

suite('where a request goes that no path takes (semantics 4.2, own hosts)', () => {
  runRows([
    {
      what: 'step 1: to the backend of the path that matches',
      given: [{ rules: ['a.test /x -> a'], defaultBackend: 'b' }],
      ends: { 'a.test/x': 'a' },
    },
    {
      what: 'step 2: to the default backend of the oldest Ingress of the host that has one',
      given: [
        { created: 1, rules: ['a.test /x -> a'] },
        { created: 2, rules: ['a.test /y -> a'], defaultBackend: 'b' },
        { created: 3, rules: ['a.test /z -> a'], defaultBackend: 'c' },
      ],
      ends: { 'a.test/q': 'b', 'other.test/q': '' },
    },
    {
      what: 'step 3: without a table for the host, to the oldest Ingress without rules',
      given: [{ rules: ['a.test /x -> a'] }, { created: 2, defaultBackend: 'c' }, { created: 1, defaultBackend: 'b' }],
      ends: { 'a.test/q': '', 'b.test/q': 'b', '10.0.0.1/': 'b' },
      said: ['i1 PathConflict spec.defaultBackend'],
    },
    {
      what: 'step 3: from the rules without a host too, where they have no default backend',
      given: [{ rules: ['* /x -> a'] }, { defaultBackend: 'b' }],
      ends: { 'b.test/x': 'a', 'b.test/q': 'b' },
    },
    {
      what: 'step 2 before step 3 for the rules without a host',
      given: [{ rules: ['* /x -> a'], defaultBackend: 'c' }, { defaultBackend: 'b' }],
      ends: { 'b.test/q': 'c' },
    },
    {
      what: 'step 6: nowhere',
      given: [{ rules: ['a.test /x -> a'], defaultBackend: 'b' }],
      ends: { 'b.test/x': '' },
    },
  ])
})

suite('odd but legal rules (semantics 4.3)', () => {
  runRows([
    {
      what: 'a host without paths is all for the default backend',
      given: [{ rules: ['a.test', 'b.test / -> b'], defaultBackend: 'a' }],
      ends: { 'a.test/x': 'a', 'b.test/x': 'b' },
    },
    {
      what: 'a host without paths and without a default backend matches nothing, and is told so',
      given: [{ rules: ['a.test'] }, { defaultBackend: 'b' }],
      ends: { 'a.test/x': '', 'c.test/x': 'b' },
      said: ['i0 RuleNeverMatches spec.rules[0]'],
    },
    {
      what: 'a rule with neither host nor paths sends every host to the default backend',
      given: [{ rules: ['*'], defaultBackend: 'a' }],
      ends: { 'a.test/x': 'a' },
    },
    {
      what: 'tls and a default backend alone take everything',
      given: [{ tls: [':a.test'], defaultBackend: 'a' }],
      ends: { 'a.test/x': 'a', 'b.test/x': 'a' },
    },
    {
      what: 'a resource answers 503, and other paths work',
      given: [{ rules: ['a.test / -> a', 'a.test /r -> resource'] }],
      ends: { 'a.test/r/x': 'ServiceNotFound', 'a.test/x': 'a' },
      said: [
        'i0 ResourceBackend spec.rules[1].http.paths[0].backend.resource',
        'i0 DeclarationOrder spec.rules[1].http.paths[0].path',
      ],
    },
    {
      what: 'a resource as default backend answers 503 too',
      given: [{ defaultBackend: 'resource' }],
      ends: { 'a.test/': 'ServiceNotFound' },
      said: ['i0 ResourceBackend spec.defaultBackend.resource'],
    },
    {
      what: 'a Service that is missing answers 503, and nothing falls through to a shorter path',
      given: [{ rules: ['a.test /r -> gone', 'a.test / -> a'] }],
      ends: { 'a.test/r/x': 'ServiceNotFound', 'a.test/x': 'a' },
      said: ['i0 ServiceNotFound spec.rules[0].http.paths[0].backend.service.name'],
    },
    {
      what: 'the same host in many rules is one host',
      given: [{ rules: ['a.test /x -> a', 'b.test / -> b', 'a.test /y -> c'] }],
      ends: { 'a.test/x': 'a', 'a.test/y': 'c', 'b.test/y': 'b' },
    },
  ])
})

suite('two claims for one thing (semantics P-3, P-5, P-6 and 11)', () => {
  runRows([
    {
      what: 'the older Ingress has the path; the other keeps its other paths',
      given: [
        { created: 2, rules: ['a.test /x -> a', 'a.test /y -> a'] },
        { created: 1, rules: ['a.test /x -> b'] },
      ],
      ends: { 'a.test/x': 'b', 'a.test/y': 'a' },
      said: ['i0 PathConflict spec.rules[0].http.paths[0].path'],
    },
    {
      what: 'an Ingress with an age is older than one without',
      given: [{ rules: ['a.test /x -> a'] }, { created: 5, rules: ['a.test /x -> b'] }],
      ends: { 'a.test/x': 'b' },
      said: ['i0 PathConflict spec.rules[0].http.paths[0].path'],
    },
    {
      what: 'of the same age, the first name in byte order',
      given: [
        { created: 1, rules: ['a.test /x -> a'] },
        { created: 1, rules: ['a.test /x -> b'] },
      ],
      ends: { 'a.test/x': 'a' },
      said: ['i1 PathConflict spec.rules[0].http.paths[0].path'],
    },
    {
      what: 'the last name, where both are read as ingress-nginx did',
      given: [
        { class: 'nginx', rules: ['a.test /x -> a'] },
        { class: 'nginx', rules: ['a.test /x -> b'] },
      ],
      ends: { 'a.test/x': 'b' },
      said: ['i0 PathConflict spec.rules[0].http.paths[0].path'],
    },
    {
      what: 'dialect spec before ingress-nginx of the same age',
      given: [
        { class: 'nginx', rules: ['a.test /x -> a'] },
        { class: 'lintel', rules: ['a.test /x -> b'] },
      ],
      ends: { 'a.test/x': 'b' },
      said: ['i0 PathConflict spec.rules[0].http.paths[0].path'],
    },
    {
      what: 'the namespace counts before the name',
      given: [
        { namespace: 'other', rules: ['a.test /x -> a'] },
        { namespace: 'default', rules: ['a.test /x -> b'] },
      ],
      ends: { 'a.test/x': 'b' },
      said: ['i0 PathConflict spec.rules[0].http.paths[0].path'],
    },
    {
      what: 'within one Ingress the first in the list',
      given: [{ rules: ['a.test /x -> a', 'a.test /x -> b'] }],
      ends: { 'a.test/x': 'a' },
      said: ['i0 RuleNeverMatches spec.rules[1].http.paths[0].path'],
    },
    {
      what: 'Exact and Prefix of the same path are no conflict',
      given: [{ rules: ['a.test /x -> a'] }, { rules: ['a.test Exact /x -> b'] }],
      ends: { 'a.test/x': 'b', 'a.test/x/y': 'a' },
    },
    {
      what: '/x/ before /x, whoever is older, since no request is left for it',
      given: [
        { created: 1, rules: ['a.test /x -> a'] },
        { created: 2, rules: ['a.test /x/ -> b'] },
      ],
      ends: { 'a.test/x': 'b', 'a.test/x/y': 'b' },
      said: ['i0 RuleNeverMatches spec.rules[0].http.paths[0].path'],
    },
    {
      what: 'Prefix before an equal ImplementationSpecific, whoever is older',
      given: [
        { created: 1, rules: ['a.test Impl /x -> a'] },
        { created: 2, rules: ['a.test /x -> b'] },
      ],
      ends: { 'a.test/x/y': 'b' },
      said: ['i0 RuleNeverMatches spec.rules[0].http.paths[0].path'],
    },
    {
      what: 'paths that are written otherwise and mean the same are the same',
      given: [
        { created: 1, rules: ['a.test /%78 -> a'] },
        { created: 2, rules: ['a.test /x -> b'] },
      ],
      ends: { 'a.test/x': 'a' },
      said: ['i1 PathConflict spec.rules[0].http.paths[0].path'],
    },
    {
      what: 'a path with a query matches nothing (rows 55 and 56)',
      given: [{ rules: ['a.test Exact /x?y -> a', 'a.test /x#y -> a', 'a.test / -> b'] }],
      ends: { 'a.test/x?y': 'b', 'a.test/x': 'b' },
      said: [
        'i0 RuleNeverMatches spec.rules[0].http.paths[0].path',
        'i0 RuleNeverMatches spec.rules[1].http.paths[0].path',
      ],
    },
  ])
})

suite('the order of declaration is noted exactly where it would have mattered', () => {
  const note = 'i0 DeclarationOrder spec.rules[1].http.paths[0].path'
  const rows: readonly (readonly [rules: readonly string[], said: readonly string[]])[] = [
    [['a.test / -> a', 'a.test /x -> b'], [note]],
    [['a.test /x -> b', 'a.test / -> a'], []],
    [['a.test / -> a', 'a.test /x -> a'], []],
    [['a.test / -> a', 'a.test Exact /x -> b'], [note]],
    [['a.test Exact /x -> a', 'a.test /x -> b'], []],
    [['a.test /x -> a', 'a.test /xy -> b'], []],
    [['a.test /x -> a', 'a.test /x/y/z -> b'], [note]],
    [['a.test / -> a', 'b.test /x -> b'], []],
  ]
  for (const [rules, said] of rows)
    test(rules.join(', then '), () => {
      assert.deepEqual(saidOf(compileTexts({ rules })), said)
    })
})

/** The route of `a.test/x`, which the Ingress has. */
function onlyRoute(text: IngressText): Route {
  return routeOf(compileTexts(text), 'a.test/x') ?? assert.fail()
}

function middlewareOf({ middleware }: Route): string {
  return middleware.map(({ name }) => name).join(' ')
}

suite('the dialect of an Ingress decides (table of dialects)', () => {
  const rules = ['a.test /x -> a']
  test('limit, tunnel and Server', () => {
    assert.deepEqual(onlyRoute({ rules }).policy, { tunnelIdle: 3_600_000, server: 'keep' })
    assert.deepEqual(onlyRoute({ class: 'nginx', rules }).policy, {
      bodyLimit: 1_048_576,
      tunnelIdle: 60_000,
      server: 'remove',
    })
  })

  test('redirect and HSTS of a host with TLS', () => {
    const tls = [':a.test']
    const off = { 'nginx.ingress.kubernetes.io/ssl-redirect': 'false' }
    const forced = { 'nginx.ingress.kubernetes.io/force-ssl-redirect': 'true' }
    const rows: readonly (readonly [text: IngressText, words: string])[] = [
      [{ rules, tls }, ''],
      [{ rules, tls, annotations: { 'nginx.ingress.kubernetes.io/ssl-redirect': 'true' } }, 'https-redirect'],
      [{ class: 'nginx', rules }, 'hsts'],
      [{ class: 'nginx', rules, tls }, 'https-redirect hsts'],
      [{ class: 'nginx', rules, tls: [':*.test'] }, 'https-redirect hsts'],
      [{ class: 'nginx', rules, tls: [':other.test'] }, 'https-redirect hsts'],
      [{ class: 'nginx', rules, tls, annotations: off }, 'hsts'],
      [{ class: 'nginx', rules, annotations: forced }, 'https-redirect hsts'],
      [{ rules, annotations: forced }, 'https-redirect'],
    ]
    for (const [text, expected] of rows) assert.equal(middlewareOf(onlyRoute(text)), expected, JSON.stringify(text))
  })

  test('// of a host by its owner, everything else by the Ingress of the rule', () => {
    const [spec, nginx]: readonly IngressText[] = [
      { rules: ['a.test /x -> a'] },
      { class: 'nginx', rules: ['a.test /y -> b'] },
    ]
    const both = (first: number, second: number): Compilation =>
      compileTexts({ ...spec, created: first }, { ...nginx, created: second })
    assert.equal(endOf(both(1, 2), 'a.test//y'), '')
    assert.equal(endOf(both(2, 1), 'a.test//y'), 'b')
    assert.equal(endOf(both(2, 1), 'a.test//x'), 'a')
    for (const compilation of [both(1, 2), both(2, 1)]) {
      assert.equal(routeOf(compilation, 'a.test/x')?.policy.server, 'keep')
      assert.equal(routeOf(compilation, 'a.test/y')?.policy.server, 'remove')
    }
  })
})

test('a guard that is not served closes every rule of its Ingress, its default backend too, and nobody else`s', () => {
  const annotations = { 'nginx.ingress.kubernetes.io/auth-url': 'https://auth.test/' }
  const compilation = compileTexts(
    { annotations, rules: ['a.test /x -> a', 'b.test / -> a'], defaultBackend: 'a' },
    { rules: ['a.test /y -> b'] },
  )
  const ends = ['a.test/x', 'b.test/', 'a.test/q', 'a.test/y'].map((url) => endOf(compilation, url))
  assert.deepEqual(ends, ['GuardNotServed', 'GuardNotServed', 'GuardNotServed', 'b'])
  assert.equal(endOf(compileTexts({ annotations, defaultBackend: 'a' }), 'c.test/'), 'GuardNotServed')
})

test('an Ingress that is refused leaves its neighbours as they are', () => {
  const compilation = compileTexts({ rules: ['A.test / -> a'] }, { rules: ['b.test / -> b'] })
  assert.deepEqual([endOf(compilation, 'a.test/'), endOf(compilation, 'b.test/')], ['', 'b'])
  assert.deepEqual(saidOf(compilation), ['i0 InvalidObject spec.rules[0].host'])
  assert.deepEqual([compilation.accepted.at(-1)?.name, compilation.refused.map(({ name }) => name)], ['i1', ['i0']])
})
