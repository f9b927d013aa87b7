import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Backend } from '../model/index.ts'
import { changesBetween, emptyState, NextState } from './changes.ts'

const backend = (key: string): Backend => ({ key, namespace: 'default', service: key, port: '80', endpoints: [] })

test('a state under construction leaves the one that it comes from as it is, and shares what did not change', () => {
  const next = new NextState(emptyState)
  next.apply({ type: 'backend', key: 'a', value: backend('a') })
  const first = next.state
  const again = new NextState(first)
  again.apply({ type: 'backend', key: 'b', value: backend('b') })
  again.apply({ type: 'backend', key: 'a', value: null })
  const second = again.state
  assert.deepEqual(
    [[...emptyState.backends.keys()], [...first.backends.keys()], [...second.backends.keys()]],
    [[], ['a'], ['b']],
  )
  assert.equal(second.table.hosts, first.table.hosts)
  assert.equal(second.table.certificates, first.table.certificates)
})

test('the changes between two states turn the one into the other', () => {
  const before = new NextState(emptyState)
  before.apply({ type: 'backend', key: 'a', value: backend('a') })
  before.apply({ type: 'tls', key: 'a.test', value: { host: 'a.test', certificates: [], policy: 'default' } })
  const after = new NextState(before.state)
  after.apply({ type: 'backend', key: 'b', value: backend('b') })
  after.apply({ type: 'tls', key: 'a.test', value: null })
  after.apply({ type: 'rest', catchAll: null, defaultCertificates: ['x'], settings: {} })
  const rebuilt = new NextState(before.state)
  for (const change of changesBetween(before.state, after.state)) rebuilt.apply(change)
  assert.deepEqual(rebuilt.state, after.state)
})
