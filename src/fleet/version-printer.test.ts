import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Backend, ServingState } from '../model/index.ts'
import { emptyState, NextState } from './changes.ts'
import { FrameReader } from './frames.ts'
import { VersionPrinter } from './version-printer.ts'

const value: Backend = { key: 'a', namespace: 'default', service: 'a', port: '80', endpoints: [] }

function stateWith(backend: Backend): ServingState {
  const next = new NextState(emptyState)
  next.apply({ type: 'backend', key: backend.key, value: backend })
  return next.state
}

function read(octets: Buffer): unknown[] {
  const reader = new FrameReader()
  reader.push(octets)
  const messages: unknown[] = []
  while (reader.waiting) messages.push(reader.take()?.message)
  return messages
}

test('a version is printed as its beginning, what changes, and its end', () => {
  const after = stateWith(value)
  assert.deepEqual(read(new VersionPrinter().print({ number: 3, before: emptyState, after })), [
    { type: 'begin', version: 3, fresh: true },
    { type: 'backend', key: 'a', value },
    { type: 'commit', version: 3 },
  ])
  const same = read(new VersionPrinter().print({ number: 4, before: after, after }))
  assert.deepEqual(same, [
    { type: 'begin', version: 4, fresh: false },
    { type: 'commit', version: 4 },
  ])
})

test('workers that hold the same are sent the same octets, which are printed once', () => {
  const [held, other, after] = [stateWith(value), stateWith({ ...value, port: '81' }), stateWith({ ...value })]
  const version = { number: 1, before: held, after }
  for (const [another, isSame] of [
    [{ ...version }, true],
    [{ ...version, number: 2 }, false],
    [{ ...version, before: other }, false],
    [{ ...version, after: other }, false],
  ] as const) {
    const printer = new VersionPrinter()
    assert.equal(printer.print(version) === printer.print(another), isSame)
  }
})
