import assert from 'node:assert/strict'
import { test } from 'node:test'

import { makeTestCertificate } from '../test/support/certificates.ts'
import { compileOptions } from '../test/support/compile-options.ts'
import { FakeClock } from '../test/support/fake-clock.ts'
import { ingress, service, snapshotOf, tlsSecret } from '../test/support/objects.ts'
import { Assembly } from './assembly.ts'
import { Findings } from './findings.ts'

test('the end of a certificate is told when it comes, once: in the log, and on the object', async () => {
  const pair = await makeTestCertificate('pair', ['a.test'])
  const assembled = new Assembly(compileOptions, []).assemble(
    snapshotOf([
      tlsSecret('pair', pair),
      service('a'),
      ingress('one', { rules: ['a.test / -> a'], tls: ['pair: a.test'] }),
    ]),
  )
  const { notBefore, notAfter } = assembled.compilation.table.certificates.values().next().value ?? assert.fail('none')
  const clock = new FakeClock()
  clock.advance(notBefore)
  const said: string[] = []
  const told: string[][] = []
  const findings = new Findings(clock, (line) => said.push(line))
  const expiries = (): string[] => said.filter((line) => line.includes('CertificateExpired'))
  findings.opened({ serve: ({ diagnostics }) => void told.push(diagnostics.map(({ code }) => code)) })
  findings.compiled(assembled)
  clock.advance(notAfter - notBefore - 1)
  assert.deepEqual([expiries(), told], [[], []])
  findings.acknowledged(assembled)
  assert.equal(told.at(-1)?.includes('CertificateExpired'), false)
  clock.advance(1)
  assert.equal(expiries().length, 1)
  assert.equal(told.at(-1)?.includes('CertificateExpired'), true)
  findings.compiled(assembled)
  clock.advance(notAfter)
  assert.equal(expiries().length, 1)
  assert.equal(clock.pending, 0)
})

test('a certificate that is past its end when it is first served is told of at once', async () => {
  const pair = await makeTestCertificate('pair', ['a.test'])
  const objects = [service('a'), ingress('one', { rules: ['a.test / -> a'], tls: ['pair: a.test'] })]
  const assembly = new Assembly(compileOptions, [])
  const clock = new FakeClock()
  clock.advance(pair.notAfter)
  const said: string[] = []
  const findings = new Findings(clock, (line) => said.push(line))
  const expiries = (): number => said.filter((line) => line.includes('CertificateExpired')).length
  findings.compiled(assembly.assemble(snapshotOf(objects)))
  assert.equal(expiries(), 0)
  findings.compiled(assembly.assemble(snapshotOf([...objects, tlsSecret('pair', pair)])))
  assert.equal(expiries(), 1)
})
