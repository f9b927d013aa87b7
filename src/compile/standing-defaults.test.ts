import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import { compileOptions } from '../../test/support/compile-options.ts'
import { ingress, service, snapshotOf } from '../../test/support/objects.ts'
import type { IngressText } from '../../test/support/objects.ts'
import { requestHead } from '../../test/support/request-head.ts'
import { sourceObject } from '../../test/support/source-object.ts'
import type { Compilation, JsonRecord, SourceObject } from '../model/index.ts'
import { RouterBuilder } from '../route/index.ts'
import { Compiler } from './compile.ts'

/** What flags and the ConfigMap say of all hosts and rules. */
const options = { ...compileOptions, defaultBackend: 'default/standard', configMap: 'default/controller' }
const services = [service('standard'), service('a'), service('b')]

function configMap(data: JsonRecord): SourceObject {
  return sourceObject('ConfigMap', { metadata: { name: 'controller', namespace: 'default' }, data })
}

function compile(texts: readonly IngressText[], data: JsonRecord = {}): Compilation {
  const ingresses = texts.map((text, at) => ingress(`i${at}`, text))
  return new Compiler(options).compile(snapshotOf([...ingresses, ...services, configMap(data)]))
}

/** The refusal, or the Service, that a request ends at, and the middleware on its way. */
function endOf({ table }: Compilation, host: string, path: string): string {
  const { route } = new RouterBuilder().build(table).decide(requestHead(host, path))
  if (route === undefined) return ''
  const end = route.refusal ?? route.targets.map(({ backend }) => backend).join()
  return [end, ...route.middleware.map(({ name }) => name)].join(' ')
}

function codesOf({ diagnostics }: Compilation): string[] {
  return diagnostics.map(({ object, code }) => `${object.name} ${code}`)
}

suite('the default backend of the process', () => {
  test('takes what nobody names, and what no rule of a host takes', () => {
    const compilation = compile([{ rules: ['a.test /a -> a'] }])
    assert.equal(endOf(compilation, 'a.test', '/b'), 'default/standard:80')
    assert.equal(endOf(compilation, 'nobody.test', '/'), 'default/standard:80 hsts')
    assert.equal(endOf(compile([]), 'nobody.test', '/'), 'default/standard:80 hsts')
  })

  test('stands behind the oldest Ingress without rules; later ones are told so', () => {
    const compilation = compile([
      { defaultBackend: 'a', created: 2 },
      { defaultBackend: 'b', created: 1, tls: [': c.test'] },
    ])
    assert.equal(endOf(compilation, 'nobody.test', '/'), 'default/b:80')
    assert.deepEqual(codesOf(compilation), ['i0 PathConflict'])
  })
})

test('a default backend that is not there refuses what it would take, and is told of', () => {
  const compilation = new Compiler({ ...options, configMap: undefined }).compile(
    snapshotOf([ingress('i', { rules: ['a.test /a -> a'] }), service('a')]),
  )
  assert.equal(endOf(compilation, 'nobody.test', '/'), '')
  assert.deepEqual(codesOf(compilation), ['standard ServiceNotFound'])
})

suite('the ConfigMap', () => {
  const auth = { 'nginx.ingress.kubernetes.io/auth-url': 'http://auth.test/' }
  const secured: IngressText = {
    class: 'nginx',
    annotations: auth,
    rules: ['a.test /open/a -> a', 'a.test /b -> b'],
    tls: [': a.test'],
  }

  test('exempts paths from authentication, and others from the redirect', () => {
    const data = { 'no-auth-locations': '/open', 'no-tls-redirect-locations': '/b, /c' }
    const compilation = compile([secured], data)
    assert.equal(endOf(compilation, 'a.test', '/open/a'), 'default/a:80 https-redirect hsts')
    assert.equal(endOf(compilation, 'a.test', '/b'), 'GuardNotServed hsts')
  })

  test('exempts no path from other guards', () => {
    const annotations = { 'nginx.ingress.kubernetes.io/auth-tls-secret': 'default/ca' }
    const compilation = compile([{ ...secured, annotations }], { 'no-auth-locations': '/open' })
    assert.match(endOf(compilation, 'a.test', '/open/a'), /^GuardNotServed/)
  })

  test('that is not there is told of, once, and is not read anew while it is the same object', () => {
    const missing = new Compiler(options).compile(snapshotOf(services))
    assert.deepEqual(codesOf(missing), ['controller ConfigMapNotFound'])
    const compiler = new Compiler(options)
    const snapshot = snapshotOf([
      ...services,
      configMap({ 'keep-alive': '30' }),
      ingress('i', { rules: ['a.test / -> a'] }),
    ])
    const [one, other] = [compiler.compile(snapshot).table, compiler.compile(snapshot).table]
    assert.equal(one.settings, other.settings)
    assert.equal(one.hosts.get('a.test'), other.hosts.get('a.test'))
  })
})

test('an Ingress is claimed by its class, whatever is wrong with the rest of it', () => {
  const compiler = new Compiler(options)
  const claims = (spec: JsonRecord): boolean =>
    compiler.claims(snapshotOf([]), sourceObject('Ingress', { metadata: { name: 'i', namespace: 'default' }, spec }))
  assert.deepEqual(
    [{ ingressClassName: 'lintel', rules: 7 }, { ingressClassName: 'other' }, { ingressClassName: 7 }].map(claims),
    [true, false, true],
  )
})
