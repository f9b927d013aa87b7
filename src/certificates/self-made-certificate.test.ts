import assert from 'node:assert/strict'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { test } from 'node:test'

import { makeCertificate, selfMadeName } from './self-made-certificate.ts'

test('makeCertificate() makes a pair that fits, with a DNS name', async () => {
  const now = Date.UTC(2026, 0, 1)
  const { chain, key } = await makeCertificate(now)
  const certificate = new X509Certificate(chain)
  assert.equal(certificate.subjectAltName, `DNS:${selfMadeName}`)
  assert.ok(certificate.checkPrivateKey(createPrivateKey(key)))
  assert.ok(certificate.verify(certificate.publicKey))
  assert.ok(Date.parse(certificate.validFrom) < now && Date.parse(certificate.validTo) > now + 9 * 365 * 24 * 3_600_000)
})

test('makeCertificate() takes other names', async () => {
  const { chain } = await makeCertificate(Date.now(), ['a.test', '*.b.test'])
  assert.equal(new X509Certificate(chain).subjectAltName, 'DNS:a.test, DNS:*.b.test')
})
