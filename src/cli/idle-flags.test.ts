import assert from 'node:assert/strict'
import { test } from 'node:test'

import { serveFlags } from './flag-table.ts'
import { FlagValues } from './flag-values.ts'
import { readFlags } from './flags.ts'
import { tellIdle } from './idle-flags.ts'

function told(...args: readonly string[]): string | undefined {
  return tellIdle(new FlagValues(readFlags(args, serveFlags)))
}

test('flags of ingress-nginx without a meaning here are taken, and named once', () => {
  const args = ['--v=2', '--enable-metrics=true', '--sync-period', '1m', 'x']
  assert.equal(told(...args), 'lintel: without effect here: --enable-metrics, --sync-period, --v')
  assert.equal(told('--log', 'off', 'x'), undefined)
})

test('a flag that means something to ingress-nginx alone stays an error', () => {
  for (const flag of ['--enable-ssl-passthrough', '--tcp-services-configmap=a/b', '--disable-catch-all'])
    assert.throws(() => told(flag), /unknown flag/)
})

test('no name stands twice among the flags of serve', () => {
  const names = serveFlags.flatMap(({ name, alias }) => (alias === undefined ? [name] : [name, alias]))
  assert.deepEqual(names, [...new Set(names)])
})
