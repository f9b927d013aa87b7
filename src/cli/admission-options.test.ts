import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import type { AdmissionOptions } from '../admission/index.ts'
import { readAdmissionOptions } from './admission-options.ts'
import { serveFlags } from './flag-table.ts'
import { FlagValues } from './flag-values.ts'
import { readFlags } from './flags.ts'

function read(args: readonly string[], fromCluster = true): AdmissionOptions | undefined {
  return readAdmissionOptions(new FlagValues(readFlags(args, serveFlags)), fromCluster, { POD_NAMESPACE: 'lintel' })
}

suite('readAdmissionOptions()', () => {
  test('is off unless it is asked for', () => {
    assert.equal(read([]), undefined)
    const standard = { port: 9443, conflicts: 'warn', name: 'lintel-admission', namespace: 'lintel' }
    assert.deepEqual(read(['--admission-webhook']), standard)
  })

  test('refuses what cannot be', () => {
    assert.throws(() => read(['--admission-webhook'], false), /needs a cluster/)
    assert.throws(() => read(['--admission-conflicts', 'ignore']), /warn, refuse wanted/)
    assert.throws(() => read(['--admission-name', 'A/b']), /name of a Service wanted/)
  })

  for (const flag of [
    '--validating-webhook=:8443',
    '--validating-webhook-key=/k',
    '--validating-webhook-certificate=/c',
  ])
    test(`says what stands in the place of ${flag}`, () => assert.throws(() => read([flag]), /--admission-webhook is/))
})
