import assert from 'node:assert/strict'
import { test } from 'node:test'

import { makeTestCertificate } from '../test/support/certificates.ts'
import { compileOptions } from '../test/support/compile-options.ts'
import { countLooks } from '../test/support/count-looks.ts'
import { FakeClock } from '../test/support/fake-clock.ts'
import { ingress, service, snapshotOf, tlsSecret } from '../test/support/objects.ts'
import { Assembly } from './assembly.ts'
import { Findings } from './findings.ts'
import type { Diagnostic } from './model/index.ts'

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

test('what changes nothing but endpoints has no diagnostic looked at, and tells nothing else', () => {
  const looks: string[] = []
  const assembly = new Assembly(compileOptions, [])
  const objects = [service('a'), ingress('one', { rules: ['a.test / -> a', 'a.test / -> none'] })]
  const first = assembly.assemble(snapshotOf(objects))
  const diagnostics = first.diagnostics.map((one) => countLooks(one, looks))
  const said: string[] = []
  const told: (readonly Diagnostic[])[] = []
  const findings = new Findings(new FakeClock(), (line) => said.push(line))
  findings.opened({ serve: (served) => void told.push(served.diagnostics) })
  for (const assembled of [first, assembly.refresh(snapshotOf(objects)), assembly.refresh(snapshotOf(objects))]) {
    findings.compiled({ ...assembled, diagnostics })
    findings.acknowledged({ ...assembled, diagnostics })
    assert.equal(looks.length > 0, assembled === first)
    looks.length = 0
  }
  assert.equal(said.length, first.diagnostics.length)
  assert.deepEqual([told.length, new Set(told).size], [3, 1])
})
