import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import type { Dialect } from '../model/index.ts'
import { readAnnotations } from './read-annotations.ts'
import type { ReadAnnotations } from './read-annotations.ts'
import { noConfig } from './read-config.ts'
import type { Config } from './read-config.ts'

function read(
  given: Readonly<Record<string, string>>,
  dialect: Dialect = 'ingress-nginx',
  config: Config = noConfig,
): ReadAnnotations {
  const annotations = new Map(
    Object.entries(given).map(([name, text]) => [`nginx.ingress.kubernetes.io/${name}`, text]),
  )
  const ref = { kind: 'Ingress', namespace: 'default', name: 'web' }
  const ingress = {
    ref,
    revision: '1',
    created: Infinity,
    annotations,
    className: undefined,
    defaultBackend: undefined,
  }
  return readAnnotations({ ...ingress, rules: [], tls: [] }, dialect, config)
}

function codes({ diagnostics }: ReadAnnotations): string {
  return diagnostics.map(({ code }) => code).join(' ')
}

suite('readAnnotations() reads what is served', () => {
  const sizes: readonly (readonly [string, Dialect, number | undefined, string])[] = [
    ['8m', 'spec', 8 * 1024 ** 2, ''],
    ['8M', 'ingress-nginx', 8 * 1024 ** 2, ''],
    ['1k', 'spec', 1024, ''],
    ['2G', 'spec', 2 * 1024 ** 3, ''],
    ['100', 'spec', 100, ''],
    ['0', 'ingress-nginx', undefined, ''],
    ['-1', 'ingress-nginx', 1024 ** 2, 'AnnotationInvalid'],
    ['8mb', 'ingress-nginx', 1024 ** 2, 'AnnotationInvalid'],
    ['', 'spec', undefined, 'AnnotationInvalid'],
    ['1e9', 'spec', undefined, 'AnnotationInvalid'],
    ['9'.repeat(400), 'ingress-nginx', 1024 ** 2, 'AnnotationInvalid'],
  ]
  for (const [text, dialect, limit, said] of sizes)
    test(`proxy-body-size ${JSON.stringify(text.slice(0, 10))} in dialect ${dialect}`, () => {
      const effects = read({ 'proxy-body-size': text }, dialect)
      assert.deepEqual([effects.bodyLimit, codes(effects)], [limit, said])
    })

  const redirects: readonly (readonly [Record<string, string>, Dialect, string, string])[] = [
    [{}, 'spec', 'never', ''],
    [{}, 'ingress-nginx', 'tls', ''],
    [{ 'ssl-redirect': 'true' }, 'spec', 'tls', ''],
    [{ 'ssl-redirect': 'false' }, 'ingress-nginx', 'never', ''],
    [{ 'ssl-redirect': 'no' }, 'ingress-nginx', 'tls', 'AnnotationInvalid'],
    [{ 'ssl-redirect': 'yes' }, 'spec', 'never', 'AnnotationInvalid'],
    [{ 'force-ssl-redirect': 'true' }, 'spec', 'always', ''],
    [{ 'ssl-redirect': 'false', 'force-ssl-redirect': 'true' }, 'ingress-nginx', 'always', ''],
    [{ 'force-ssl-redirect': 'true', 'ssl-redirect': 'false' }, 'ingress-nginx', 'always', ''],
    [{ 'force-ssl-redirect': 'false' }, 'ingress-nginx', 'tls', ''],
  ]
  for (const [given, dialect, redirect, said] of redirects)
    test(`${JSON.stringify(given)} in dialect ${dialect}`, () => {
      const effects = read(given, dialect)
      const shown = effects.forceSslRedirect ? 'always' : effects.sslRedirect ? 'tls' : 'never'
      assert.deepEqual([shown, codes(effects)], [redirect, said])
    })
})

suite('readAnnotations() closes what a guard would have closed', () => {
  const guards: readonly (readonly [name: string, text: string])[] = [
    ['auth-url', 'https://auth.test/check'],
    ['auth-type', 'basic'],
    ['auth-tls-secret', 'default/ca'],
    ['auth-tls-verify-client', 'on'],
    ['satisfy', 'any'],
    ['denylist-source-range', '10.0.0.0/8'],
    ['denylist-source-range', '0.0.0.0/0,::/0'],
    ['allowlist-source-range', '10.0.0.0/8'],
    ['whitelist-source-range', '10.0.0.0/8'],
    ['whitelist-source-range', ''],
    ['whitelist-source-range', '0.0.0.0/00,::/0'],
  ]
  for (const [name, text] of guards)
    test(`${name}: ${JSON.stringify(text)}`, () => {
      for (const dialect of ['spec', 'ingress-nginx'] as const) {
        const effects = read({ [name]: text }, dialect)
        assert.deepEqual([effects.unservedGuards, codes(effects)], [[name], 'GuardNotServed'])
      }
    })

  test('an allow list that admits every address is no guard', () => {
    for (const name of ['allowlist-source-range', 'whitelist-source-range'])
      for (const text of ['0.0.0.0/0,::/0', ' ::/0 , 0.0.0.0/0 ', '10.0.0.0/8,0.0.0.0/0,::/0'])
        assert.deepEqual(read({ [name]: text }).unservedGuards, [])
  })
  test('an open allow list does not open the other guards', () => {
    const effects = read({ 'whitelist-source-range': '0.0.0.0/0,::/0', 'auth-url': 'https://auth.test/' })
    assert.deepEqual(effects.unservedGuards, ['auth-url'])
  })
})

suite('readAnnotations() passes nothing over in silence', () => {
  test('an annotation that is not served yet', () => {
    const effects = read({ 'enable-cors': 'true' })
    assert.equal(codes(effects), 'AnnotationNotServed')
    assert.equal(effects.diagnostics[0]?.field, 'metadata.annotations.nginx.ingress.kubernetes.io/enable-cors')
  })
  test('a name that nobody knows, with the one that was meant', () => {
    const effects = read({ 'proxy-body-sise': '8m' })
    assert.match(effects.diagnostics[0]?.hint ?? '', /proxy-body-size/)
  })
  test('a misspelt guard is told with its right name', () => {
    assert.match(read({ 'auth-ulr': 'x' }).diagnostics[0]?.hint ?? '', /auth-url/)
  })
  test('names of other prefixes are nobody’s business here', () => {
    const ref = { kind: 'Ingress', namespace: 'default', name: 'web' }
    const annotations = new Map([['example.com/auth-url', 'x']])
    const rest = { className: undefined, defaultBackend: undefined, rules: [], tls: [] }
    assert.deepEqual(
      readAnnotations({ ref, created: 0, revision: '1', annotations, ...rest }, 'spec', noConfig).diagnostics,
      [],
    )
  })
})

suite('readAnnotations() stands over the ConfigMap', () => {
  const effects = { ...noConfig.effects, bodyLimit: 8, sslRedirect: false, forceSslRedirect: true }
  const config: Config = { ...noConfig, effects, guards: ['global-auth-url', 'whitelist-source-range', 'block-cidrs'] }

  test('its values are the defaults of dialect ingress-nginx alone', () => {
    const nginx = read({}, 'ingress-nginx', config)
    assert.deepEqual([nginx.bodyLimit, nginx.sslRedirect, nginx.forceSslRedirect], [8, false, true])
    const spec = read({}, 'spec', config)
    assert.deepEqual([spec.bodyLimit, spec.sslRedirect, spec.forceSslRedirect], [undefined, false, false])
  })
  test('an annotation decides for its Ingress', () => {
    const own = { 'proxy-body-size': '1k', 'ssl-redirect': 'true', 'force-ssl-redirect': 'false' }
    const nginx = read(own, 'ingress-nginx', config)
    assert.deepEqual([nginx.bodyLimit, nginx.sslRedirect, nginx.forceSslRedirect], [1024, true, false])
  })
  test('its guards close every Ingress, whatever the dialect', () => {
    for (const dialect of ['spec', 'ingress-nginx'] as const)
      assert.deepEqual(read({}, dialect, config).unservedGuards, config.guards)
  })
  test('an annotation takes the place of some guards, and of no others', () => {
    const open = { 'enable-global-auth': 'false', 'whitelist-source-range': '0.0.0.0/0,::/0' }
    assert.deepEqual(read(open, 'ingress-nginx', config).unservedGuards, ['block-cidrs'])
    const shut = { 'enable-global-auth': 'no', 'allowlist-source-range': '10.0.0.0/8' }
    assert.deepEqual(read(shut, 'ingress-nginx', config).unservedGuards, [
      'allowlist-source-range',
      'global-auth-url',
      'block-cidrs',
    ])
  })
})
