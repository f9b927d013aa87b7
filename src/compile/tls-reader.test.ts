import assert from 'node:assert/strict'
import { test } from 'node:test'

import { madeSecret } from '../../test/support/certificates-shown.ts'
import { compileOptions } from '../../test/support/compile-options.ts'
import { ingress, snapshotOf, tlsSecret } from '../../test/support/objects.ts'
import type { Diagnostic, SourceObject } from '../model/index.ts'
import { Compiler } from './compile.ts'

const broken = { chain: 'x', key: 'y' }

/** What is said of the Secrets of one Ingress, by one compiler. */
function teller(web: SourceObject): (...secrets: readonly SourceObject[]) => readonly Diagnostic[] {
  const compiler = new Compiler(compileOptions)
  return (...secrets) =>
    compiler
      .compile(snapshotOf([web, ...secrets]))
      .diagnostics.filter(({ object, code }) => object === web.ref && code.startsWith('Secret'))
}

test('an Ingress is read again when a Secret that it names changes, or one comes that may be meant, and only then', async () => {
  const tell = teller(ingress('web', { rules: ['a.test / -> s'], tls: ['gone:a.test', 'there:a.test'] }))
  const [there, gonf] = [await madeSecret('there', ['a.test']), tlsSecret('gonf', broken)]
  const [first] = tell(there)
  assert.match(first?.hint ?? '', /^Add a Secret gone/)
  assert.equal(tell(there, tlsSecret('other', broken, 'far'))[0], first)
  const [hinted] = tell(there, gonf)
  assert.match(hinted?.hint ?? '', /^Is gonf meant/)
  assert.equal(tell(there, tlsSecret('gonf', { chain: 'z', key: 'y' }))[0], hinted)
  assert.deepEqual(
    tell(tlsSecret('there', broken)).map(({ code, hint }) => `${code} ${hint.slice(0, 12)}`),
    ['SecretNotFound Add a Secret', 'SecretInvalid It begins wi'],
  )
})

test('what may be meant is told of the first ten missing Secrets of an Ingress', () => {
  const tls = Array.from({ length: 20 }, (_, at) => `missing${at}:a${at}.test`)
  const told = teller(ingress('web', { rules: ['a.test / -> s'], tls }))(tlsSecret('missing', broken))
  assert.deepEqual(
    told.map(({ hint }) => hint === 'Is missing meant?'),
    tls.map((_, at) => at < 10),
  )
})

test('a host that an entry names again and again is one name', () => {
  const hosts = Array.from({ length: 500 }, () => 'b.test')
  const compiler = new Compiler(compileOptions)
  const older = ingress('older', { namespace: 'x', created: 1, rules: ['b.test / -> s'] })
  const web = ingress('web', { rules: ['a.test / -> s'], tls: [`:a.test ${hosts.join(' ')}`] })
  const told = compiler.compile(snapshotOf([older, web])).diagnostics.filter(({ code }) => code === 'PathConflict')
  assert.deepEqual(
    told.map(({ field }) => field),
    ['spec.tls[0].hosts[1]'],
  )
})
