import assert from 'node:assert/strict'
import { before, suite, test } from 'node:test'

import { makeTestCertificate } from '../../test/support/certificates.ts'
import { compileOptions } from '../../test/support/compile-options.ts'
import { ingress, service, snapshotOf, tlsSecret } from '../../test/support/objects.ts'
import { sourceObject } from '../../test/support/source-object.ts'
import type { Certificate } from '../model/index.ts'
import { Compiler } from './compile.ts'
import { expiredCertificates, nextExpiry } from './expiry.ts'
import { SecretJudge } from './secret-judge.ts'

suite('Secrets in use', () => {
  let pair: Certificate
  before(async () => {
    pair = await makeTestCertificate('pair', ['a.test'])
  })

  test('a certificate is told of before its begin and from its end on, at each Ingress that names it', () => {
    const objects = [
      tlsSecret('pair', pair),
      service('a'),
      ingress('one', { rules: ['a.test / -> a'], tls: ['pair: a.test'] }),
    ]
    const compilation = new Compiler(compileOptions).compile(snapshotOf(objects))
    const { notBefore, notAfter } = compilation.table.certificates.values().next().value ?? assert.fail('none')
    const said = (now: number): string[] =>
      expiredCertificates(compilation, now).map(
        ({ code, object, message }) => `${code} ${object.name} ${/begins|ended/.exec(message)?.[0] ?? ''}`,
      )
    assert.deepEqual(said(notBefore - 1), ['CertificateExpired one begins'])
    assert.deepEqual([said(notBefore), said(notAfter - 1)], [[], []])
    assert.deepEqual(said(notAfter), ['CertificateExpired one ended'])
    const next = [notBefore - 1, notBefore, notAfter - 1, notAfter].map((now) => nextExpiry(compilation, now))
    assert.deepEqual(next, [notBefore, notAfter, notAfter, undefined])
  })

  test('namedSecrets() names what our objects name, and changes with those that name it', () => {
    const compiler = new Compiler({ ...compileOptions, defaultCertificate: 'x/standard' })
    const named = (revision: string): unknown =>
      Object.fromEntries(
        compiler.namedSecrets(
          snapshotOf([
            { ...ingress('one', { rules: ['a.test / -> a'], tls: ['pair: a.test', ': b.test'] }), revision },
            ingress('two', { rules: ['c.test / -> a'], tls: ['pair: c.test', 'more: d.test'] }),
          ]),
        ),
      )
    assert.deepEqual(named('7'), { 'x/standard': '', 'default/pair': '7 1', 'default/more': '1' })
    assert.deepEqual(named('8'), { 'x/standard': '', 'default/pair': '8 1', 'default/more': '1' })
    assert.equal(new Compiler(compileOptions).namedSecrets(snapshotOf([])).size, 0)
  })

  test('namedSecrets() names the first of each Ingress before the second of any, and a naming Ingress counts once', () => {
    const many = ingress('one', { rules: ['a.test / -> a'], tls: ['a: a.test', 'b: b.test', 'a: c.test'] })
    const few = ingress('two', { rules: ['d.test / -> a'], tls: ['d: d.test'] })
    const named = new Compiler(compileOptions).namedSecrets(snapshotOf([many, few]))
    assert.deepEqual(
      [...named],
      [
        ['default/a', '1'],
        ['default/d', '1'],
        ['default/b', '1'],
      ],
    )
  })

  test('faultOf() tells why a Secret holds no certificate, whatever its type', () => {
    const judge = new SecretJudge()
    const secret = (value: Parameters<typeof sourceObject>[1]): string | undefined =>
      judge.faultOf(sourceObject('Secret', { metadata: { name: 's' }, ...value }))?.problem
    assert.equal(judge.faultOf(tlsSecret('pair', pair)), undefined)
    const opaque = (chain: string): string | undefined =>
      secret({ type: 'Opaque', stringData: { 'tls.crt': chain, 'tls.key': pair.key } })
    assert.deepEqual([opaque(pair.chain), opaque('')], [undefined, 'tls.crt holds no PEM certificate'])
    assert.equal(secret({ type: 'Opaque', data: { password: 'not base64!' } }), 'lacks tls.crt or tls.key')
    assert.match(secret({ type: 'kubernetes.io/tls' }) ?? '', /"tls.crt" is required/)
    assert.match(secret({ type: 'kubernetes.io/tls', data: 'none' }) ?? '', /\S/)
    const half = sourceObject('Secret', { metadata: { name: 's' }, stringData: { 'tls.crt': pair.chain } })
    const judged = judge.judge(half)
    assert.equal('problem' in judged && judged.problem, 'lacks tls.crt or tls.key')
    assert.equal(judge.judge(half), judged)
  })
})

function saidOfEndpoints(text: string, fromCluster: boolean): string[] {
  const annotated = sourceObject('Service', {
    metadata: { name: 'a', annotations: { 'lintel.dev/endpoints': text } },
    spec: { ports: [{ port: 80 }] },
  })
  const { diagnostics } = new Compiler({ ...compileOptions, fromCluster }).compile(snapshotOf([annotated]))
  return diagnostics.map(({ code, field }) => `${code} ${field}`)
}

test('endpoints in an annotation are judged in files, and told of in a cluster', () => {
  const field = 'metadata.annotations.lintel.dev/endpoints'
  assert.deepEqual(saidOfEndpoints('127.0.0.1:3000', false), [])
  assert.deepEqual(saidOfEndpoints('nowhere', false), [`AnnotationInvalid ${field}`])
  assert.deepEqual(saidOfEndpoints('127.0.0.1:3000', true), [`AnnotationNotServed ${field}`])
})
