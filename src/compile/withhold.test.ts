import assert from 'node:assert/strict'
import { test } from 'node:test'

import { compileOptions } from '../../test/support/compile-options.ts'
import { snapshotOf } from '../../test/support/objects.ts'
import { sourceObject } from '../../test/support/source-object.ts'
import type { Compilation, JsonRecord, SourceObject } from '../model/index.ts'
import { Compiler } from './compile.ts'

/** An Ingress for a.test with these annotations of ingress-nginx, a path and a default backend. */
function compile(annotations: Readonly<Record<string, string>>, path: string): Compilation {
  const prefixed = Object.entries(annotations).map(([name, text]) => [`nginx.ingress.kubernetes.io/${name}`, text])
  const metadata = { name: 'web', namespace: 'default', annotations: Object.fromEntries(prefixed) as JsonRecord }
  const backend = { service: { name: 's', port: { number: 80 } } }
  const rules = [{ host: 'a.test', http: { paths: [{ path, pathType: 'ImplementationSpecific', backend }] } }]
  const spec = { ingressClassName: 'nginx', defaultBackend: backend, tls: [{ hosts: ['a.test'] }], rules }
  const web = sourceObject('Ingress', { apiVersion: 'networking.k8s.io/v1', metadata, spec })
  return new Compiler(compileOptions).compile(snapshotOf([web]))
}

function told({ diagnostics }: Compilation): string[] {
  const withheld = diagnostics.filter(({ code }) => code === 'CanaryNotServed' || code === 'RegexNotServed')
  return withheld.map(({ code, severity, field }) => `${severity} ${code} ${field}`)
}

function paths({ table }: Compilation): string {
  return (table.hosts.get('a.test')?.rules ?? []).map(({ rule }) => `${rule.pathType} ${rule.path}`).join()
}

test('a canary brings neither rules nor certificates, and is accepted all the same', () => {
  const found = compile({ canary: 'true' }, '/')
  assert.deepEqual(told(found), ['error CanaryNotServed metadata.annotations.nginx.ingress.kubernetes.io/canary'])
  assert.deepEqual([found.table.hosts.size, found.table.tls.size, found.table.catchAll], [0, 0, undefined])
  assert.equal(found.accepted.length, 1)
})

test('what is no canary is served', () => {
  for (const text of ['false', '0', 'yes']) {
    const found = compile({ canary: text }, '/')
    assert.deepEqual([told(found), paths(found)], [[], 'ImplementationSpecific /'])
  }
})

test('a path that is a regular expression is withheld, where one is meant', () => {
  const field = 'error RegexNotServed spec.rules[0].http.paths[0].path'
  const rows: readonly (readonly [annotations: Readonly<Record<string, string>>, path: string, served: string])[] = [
    [{ 'use-regex': 'true' }, '/a(/|$)(.*)', ''],
    [{ 'rewrite-target': '/$2' }, '/a(/|$)(.*)', ''],
    [{ 'use-regex': 'true' }, '/favicon.ico', 'ImplementationSpecific /favicon.ico'],
    [{ 'use-regex': 'false' }, '/a(b)', 'ImplementationSpecific /a(b)'],
    [{}, '/a(b)', 'ImplementationSpecific /a(b)'],
    [{ 'use-regex': 'true', 'auth-url': 'x' }, '/a/b(c|d)/e', 'Prefix /a'],
    [{ 'use-regex': 'true', 'auth-url': 'x' }, '/(.*)', 'Prefix /'],
  ]
  for (const [annotations, path, served] of rows) {
    const found = compile(annotations, path)
    const isWhole = served.endsWith(` ${path}`)
    assert.deepEqual([told(found), paths(found)], [isWhole ? [] : [field], served], path)
  }
})

/** For a.test, with one path. */
function ingressWith(path: string, pathType: string, metadata: JsonRecord): SourceObject {
  const backend = { service: { name: 's', port: { number: 80 } } }
  const rules = [{ host: 'a.test', http: { paths: [{ path, pathType, backend }] } }]
  return sourceObject('Ingress', { metadata, spec: { ingressClassName: 'nginx', rules } })
}

/** A guarded expression, and a plain path of another Ingress, which is older. */
function compileBeside(expression: string, path: string, pathType: string, namespace = 'default'): Compilation {
  const annotations = {
    'nginx.ingress.kubernetes.io/use-regex': 'true',
    'nginx.ingress.kubernetes.io/auth-url': 'https://auth.test',
  }
  const guarded = { name: 'guarded', namespace: 'default', annotations, creationTimestamp: '2026-02-01T00:00:00Z' }
  const plain = { name: 'plain', namespace, creationTimestamp: '2026-01-01T00:00:00Z' }
  const objects = [ingressWith(path, pathType, plain), ingressWith(expression, 'ImplementationSpecific', guarded)]
  return new Compiler(compileOptions).compile(snapshotOf(objects))
}

test('what a guarded expression would have taken first is closed, whoever is older', () => {
  const rows: readonly (readonly [expression: string, open: string, pathType: string, closed: boolean])[] = [
    ['/a/(.*)', '/a', 'Prefix', true],
    ['/a/(.*)', '/a/', 'Prefix', true],
    ['/a/(.*)', '/', 'Prefix', false],
    ['/a/(.*)', '/a', 'Exact', false],
    ['/a/(.*)', '/a/', 'Exact', true],
    ['/a/?(.*)', '/a', 'Exact', true],
    ['/(.*)', '/', 'Exact', true],
    ['/a/(.*)', '/%61/%62', 'Exact', true],
    ['/a/[0-9]+', '/a/000001', 'Exact', true],
    ['/a/[0-9]+', '/a/public', 'Exact', false],
    ['/a/b|/c', '/c', 'Prefix', true],
    [String.raw`/a/[](|]\(b|/c`, '/c', 'Prefix', true],
    ['/a/(b|c|[|)])', '/c', 'Prefix', false],
    ['/a/(b|c)/d', '/a/b', 'Prefix', true],
    ['/a/(b|c)/d', '/a/b', 'Exact', true],
    ['/a/(.*)', '/a/public', 'Prefix', false],
    ['/a/(.*)', '/ab', 'Prefix', false],
    ['/(.*)/long/expression', '/', 'Prefix', true],
    [`/(?!${'x'.repeat(99)})(.*)`, '/.well-known/acme-challenge/token', 'Exact', false],
  ]
  for (const [expression, open, pathType, closed] of rows) {
    const { table } = compileBeside(expression, open, pathType)
    const rule = table.hosts.get('a.test')?.rules.find(({ rule: { path } }) => path === open)
    assert.equal(
      rule?.refusal,
      closed ? 'GuardNotServed' : 'ServiceNotFound',
      `${pathType} ${open} beside ${expression}`,
    )
  }
})

test('no tenant closes the rules of another', () => {
  const { table } = compileBeside('/a/(.*)', '/a', 'Prefix', 'other')
  assert.deepEqual(
    table.hosts.get('a.test')?.rules.map(({ ingress, refusal }) => `${ingress?.namespace} ${refusal}`),
    ['other ServiceNotFound'],
  )
})
