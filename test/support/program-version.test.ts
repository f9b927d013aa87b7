import assert from 'node:assert/strict'
import { test } from 'node:test'

import { versionLineOf } from './program-version.ts'

const node = { program: process.execPath, versionArguments: ['--version'] }
const pinned = { name: 'node', package: 'node.test/node', pin: { version: 'v1.2.3' } }

test('a program says its version, and one that was built by a pin has that of the pin', () => {
  assert.equal(versionLineOf(node), process.version)
  assert.equal(versionLineOf({ ...node, pinned }), 'v1.2.3')
})

test('a program that is not there has none, pinned or not', () => {
  assert.equal(versionLineOf({ ...node, program: '/nowhere/node', pinned }), undefined)
})
