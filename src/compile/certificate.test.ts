import assert from 'node:assert/strict'
import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto'
import { before, suite, test } from 'node:test'

import { makeTestCertificate } from '../../test/support/certificates.ts'
import { weakIntermediate, weakPair } from '../../test/support/weak-certificates.ts'
import type { Certificate } from '../model/index.ts'
import { coversHost, isProblem, judgeCertificate } from './certificate.ts'

let ec: Certificate
let rsa: Certificate
before(async () => {
  ec = await makeTestCertificate('ec', ['Shop.test', '*.shop.test'])
  rsa = await makeTestCertificate('rsa', ['rsa.test'], 'rsa')
})

test('judgeCertificate() takes 1,000 names and no more', async () => {
  const names = Array.from({ length: 1_001 }, (_, at) => `${at}.test`)
  const [most, more] = await Promise.all([
    makeTestCertificate('most', names.slice(1)),
    makeTestCertificate('more', names),
  ])
  assert.deepEqual([problemOf(most.chain, most.key), problemOf(more.chain, more.key)], ['none', 'for 1001 DNS names'])
})

function problemOf(chain: string, key: string): string {
  const judged = judgeCertificate(chain, key)
  return isProblem(judged) ? judged.problem : 'none'
}

test('judgeCertificate() reads names in lower case, dates, type and the content as fingerprint', () => {
  const judged = judgeCertificate(ec.chain, ec.key)
  assert.ok(!isProblem(judged))
  assert.deepEqual([judged.keyType, judged.names], ['ec', ['shop.test', '*.shop.test']])
  assert.ok(Math.abs(judged.notAfter - ec.notAfter) < 1000 && Math.abs(judged.notBefore - ec.notBefore) < 1000)
  const [again, other] = [judgeCertificate(ec.chain, ec.key), judgeCertificate(rsa.chain, rsa.key)]
  assert.ok(!isProblem(again) && !isProblem(other))
  assert.equal(again.fingerprint, judged.fingerprint)
  assert.notEqual(other.fingerprint, judged.fingerprint)
})

test('judgeCertificate() takes keys as PKCS#1, SEC1 and PKCS#8', () => {
  const pkcs1 = createPrivateKey(rsa.key).export({ type: 'pkcs1', format: 'pem' })
  const sec1 = createPrivateKey(ec.key).export({ type: 'sec1', format: 'pem' })
  const parameters = '-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n'
  assert.match(pkcs1, /BEGIN RSA PRIVATE KEY/)
  assert.match(sec1, /BEGIN EC PRIVATE KEY/)
  assert.equal(problemOf(rsa.chain, pkcs1), 'none')
  assert.equal(problemOf(rsa.chain, rsa.key), 'none')
  assert.equal(problemOf(ec.chain, sec1), 'none')
  assert.equal(problemOf(ec.chain, parameters + sec1), 'none')
})

test('judgeCertificate() keeps the whole chain, without the text around it', () => {
  const judged = judgeCertificate(`subject=x\n${ec.chain}\nissuer=y\n${rsa.chain}`, ec.key)
  assert.ok(!isProblem(judged))
  assert.equal(judged.chain.match(/BEGIN CERTIFICATE/g)?.length, 2)
  assert.doesNotMatch(judged.chain, /subject|issuer/)
})

suite('judgeCertificate() tells what is wrong, and never throws', () => {
  const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'
  const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({ type: 'pkcs8', format: 'pem' })
  const dh = generateKeyPairSync('x25519').privateKey.export({ type: 'pkcs8', format: 'pem' })
  const rows: readonly (readonly [what: string, pair: () => readonly [string, string], problem: RegExp])[] = [
    ['nothing', () => ['', ''], /no PEM certificate/],
    ['junk', () => ['junk', 'junk'], /no PEM certificate/],
    ['a certificate that is none', () => [broken, ec.key], /cannot be read/],
    ['an intermediate that is none', () => [ec.chain + broken, ec.key], /cannot be read/],
    ['no key', () => [ec.chain, ''], /cannot be read/],
    ['a certificate for a key', () => [ec.chain, ec.chain], /cannot be read/],
    ['the key of another', () => [ec.chain, rsa.key], /does not belong/],
    ['the wrong order', () => [rsa.chain + ec.chain, ec.key], /does not belong/],
    ['a short RSA key', () => [rsa.chain, weak], /1024 bits/],
    ['a key that cannot sign', () => [ec.chain, dh], /type x25519/],
    ['a short elliptic key', () => [weakPair.chain, weakPair.key], /OpenSSL does not take it.*key too small/],
    ['an intermediate with a short key', () => [ec.chain + weakIntermediate, ec.key], /OpenSSL does not take it/],
    ['a long chain', () => [ec.chain.repeat(11), ec.key], /11 certificates/],
    ['a very long text', () => ['-----BEGIN CERTIFICATE-----'.repeat(20_000), ec.key], /octets/],
    ['no end', () => [`-----BEGIN CERTIFICATE-----${'A'.repeat(200_000)}`, ec.key], /no PEM certificate/],
  ]
  for (const [what, pair, problem] of rows)
    test(what, () => {
      assert.match(problemOf(...pair()), problem)
    })
})

/** With text in the place of a date; the signature is nobody's business here. */
function withDate({ chain }: Certificate, at: 0 | 1, text: string): string {
  const octets = Buffer.from(new X509Certificate(chain).raw)
  const dates = [...octets.toString('latin1').matchAll(/\r\d{12}Z/g)]
  octets.write(text, (dates[at]?.index ?? assert.fail('no date')) + 1, 'latin1')
  return `-----BEGIN CERTIFICATE-----\n${octets.toString('base64')}\n-----END CERTIFICATE-----\n`
}

test('judgeCertificate() refuses dates that are none', () => {
  assert.equal(problemOf(withDate(ec, 1, '491231235959Z'), ec.key), 'none')
  for (const junk of ['junkjunkjunkZ', '261399000000Z', '\0'.repeat(13), '999999999999Z'])
    for (const at of [0, 1] as const)
      assert.match(problemOf(withDate(ec, at, junk), ec.key), /dates cannot be read/, `${at} ${junk}`)
})

suite('coversHost()', () => {
  const rows: readonly (readonly [name: string, host: string, covers: boolean])[] = [
    ['shop.test', 'shop.test', true],
    ['*.shop.test', 'a.shop.test', true],
    ['*.shop.test', 'shop.test', false],
    ['*.shop.test', 'b.a.shop.test', false],
    ['*.shop.test', '.shop.test', false],
    ['*.shop.test', '*.shop.test', true],
    ['shop.test', 'www.shop.test', false],
    ['*.test', 'shop.test', true],
    ['*', 'localhost', false],
    ['localhost', 'localhost', true],
  ]
  for (const [name, host, covers] of rows)
    test(`${name} ${covers ? 'covers' : 'does not cover'} ${host}`, () => {
      assert.equal(coversHost(['other.test', name], host), covers)
    })
})
