import assert from 'node:assert/strict'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { suite, test } from 'node:test'

import { endOf, renew } from './credentials.ts'
import type { Credentials } from './credentials.ts'

const day = 24 * 3_600_000
const start = Date.UTC(2026, 0, 1)
const names = ['lintel-admission.lintel.svc']
const made = await renew(undefined, names, start)
const stranger = await renew(undefined, names, start)

function authorities({ authorities: text }: Credentials): X509Certificate[] {
  return (text.match(/-----BEGIN[^-]+-----[^-]+-----END[^-]+-----/g) ?? []).map((block) => new X509Certificate(block))
}

/** Whether somebody who trusts these authorities takes what the server shows. */
function isTrusted({ server }: Credentials, by: Credentials): boolean {
  const leaf = new X509Certificate(server.chain)
  return authorities(by).some((authority) => leaf.checkIssued(authority) && leaf.verify(authority.publicKey))
}

suite('renew()', () => {
  test('makes an authority that signs, and a certificate for the names', () => {
    const leaf = new X509Certificate(made.server.chain)
    assert.equal(leaf.subjectAltName, 'DNS:lintel-admission.lintel.svc')
    assert.ok(leaf.checkPrivateKey(createPrivateKey(made.server.key)))
    assert.deepEqual([leaf.ca, authorities(made).map(({ ca }) => ca)], [false, [true]])
    assert.ok(isTrusted(made, made))
    assert.deepEqual(leaf.keyUsage, ['1.3.6.1.5.5.7.3.1'])
  })

  test('leaves alone what is not due', async () => {
    assert.equal(await renew(made, names, start + 59 * day), made)
  })

  test('renews the certificate 30 days before its end, by the same authority', async () => {
    const renewed = await renew(made, names, start + 61 * day)
    assert.notEqual(renewed.server.chain, made.server.chain)
    assert.equal(renewed.authorities, made.authorities)
    assert.equal(endOf(renewed.server.chain), start + 151 * day)
    assert.ok(isTrusted(renewed, made))
  })

  test('a new authority stands beside the old one for a year, and signs nothing at first', async () => {
    const late = start + (3_650 - 364) * day
    const renewed = await renew(made, names, late)
    assert.equal(authorities(renewed).length, 2)
    assert.ok(isTrusted(renewed, made), 'whoever has the bundle of before knows the server')
    const next = await renew(renewed, names, late + 61 * day)
    assert.deepEqual([isTrusted(next, renewed), isTrusted(next, made)], [true, false])
    assert.equal(await renew(next, names, late + 62 * day), next)
    const after = await renew(next, names, late + 3_650 * day - 300 * day)
    assert.equal(authorities(after).length, 2, 'the first one has ended')
  })

  test('other names are another certificate, by the same authority', async () => {
    const renewed = await renew(made, ['other.lintel.svc'], start)
    assert.equal(new X509Certificate(renewed.server.chain).subjectAltName, 'DNS:other.lintel.svc')
    assert.equal(renewed.authorities, made.authorities)
  })

  test('a certificate that is not valid yet, or whose key is another one, is renewed', async () => {
    for (const held of [
      { ...made, server: { ...made.server, key: stranger.server.key } },
      { ...made, server: stranger.server },
    ])
      assert.ok(isTrusted(await renew(held, names, start), made))
    assert.notEqual((await renew(made, names, start - 5 * day)).server.chain, made.server.chain)
  })

  for (const [what, held] of [
    ['nothing', { server: { chain: '', key: '' }, authorities: '', authorityKey: '' }],
    ['junk', { server: { chain: 'x', key: 'y' }, authorities: '\0', authorityKey: '-----BEGIN' }],
    ['the key of another authority', { ...made, authorityKey: stranger.authorityKey }],
    ['an authority that is none', { ...made, authorities: made.server.chain, authorityKey: made.server.key }],
  ] as const)
    test(`a Secret with ${what} is made anew`, async () => {
      const renewed = await renew(held, names, start)
      assert.ok(isTrusted(renewed, renewed))
      assert.equal(isTrusted(renewed, made), false)
    })
})
