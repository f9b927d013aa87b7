import assert from 'node:assert/strict'
import { test } from 'node:test'

import { codesOf, madeSecret, shown } from '../../test/support/certificates-shown.ts'
import { compileOptions } from '../../test/support/compile-options.ts'
import { ingress, snapshotOf } from '../../test/support/objects.ts'
import { Compiler } from './compile.ts'

function entries(count: number, secretName: (at: number) => string): string[] {
  return Array.from({ length: count }, (_, at) => `${secretName(at)}:`)
}

test('5,000 tls entries of an Ingress count, and it is told once that others do not', async () => {
  const secret = await madeSecret('last', ['a.foo.test'])
  const found = [4_999, 5_000].map((before) => {
    const tls = [...entries(before, (at) => `s${at}`), 'last:a.foo.test']
    const snapshot = snapshotOf([ingress('web', { rules: ['a.foo.test / -> s'], tls }), secret])
    const compilation = new Compiler(compileOptions).compile(snapshot)
    const codes = codesOf(compilation).split(' ')
    return [
      new Compiler(compileOptions).namedSecrets(snapshot).size,
      shown(compilation, 'a.foo.test'),
      codes.filter((code) => code !== 'SecretNotFound'),
    ]
  })
  assert.deepEqual(found, [
    [5_000, 'last', []],
    [5_000, '', ['TlsEntriesIgnored']],
  ])
})

test('a certificate is looked at once however many entries without hosts have it', async () => {
  const names = Array.from({ length: 1_000 }, (_, at) => `${at}.foo.test`)
  const tls = entries(5_000, () => 'many')
  const ingresses = Array.from({ length: 100 }, (_, at) => ingress(`web${at}`, { rules: ['a.foo.test / -> s'], tls }))
  const objects = [await madeSecret('many', names), ...ingresses]
  const before = process.memoryUsage().heapUsed
  const compilation = new Compiler(compileOptions).compile(snapshotOf(objects))
  assert.equal(compilation.table.tls.size, names.length)
  // One record an entry and name would be 100 million of them.
  assert.ok(process.memoryUsage().heapUsed - before < 1024 ** 3)
})
