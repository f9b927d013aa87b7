import assert from 'node:assert/strict'
import { test } from 'node:test'

import { findFaults } from './check-layers.ts'

const faultsIn = (path: string, text: string): string[] =>
  findFaults(path, text).map((fault) => fault.split(': ').slice(1).join(': '))

test('findFaults() lets a file import its own folder and lower doors', () => {
  const text = `import { a } from './a.ts'\nimport type { B } from '../model/index.ts'\nimport { c } from 'node:crypto'`
  assert.deepEqual(faultsIn('compile/x.ts', text), [])
  assert.deepEqual(
    faultsIn('worker.ts', `import { a } from './serve/index.ts'\nimport { b } from './system-clock.ts'`),
    [],
  )
})

test('findFaults() refuses siblings, upward imports and side doors, types too', () => {
  assert.deepEqual(faultsIn('compile/x.ts', `import type { S } from '../source/index.ts'`), [
    'imports source/index.ts: rank 4 is not below rank 4',
  ])
  assert.deepEqual(faultsIn('http/x.ts', `import { m } from '../model/index.ts'`), [
    'imports model/index.ts: rank 2 is not below rank 1',
  ])
  assert.deepEqual(faultsIn('route/x.ts', `export { o } from '../http/octets.ts'`), [
    'imports http/octets.ts: only http/index.ts is a door',
  ])
  assert.deepEqual(faultsIn('serve/x.ts', `const w = await import('../worker.ts')`), [
    'imports worker.ts: rank 5 is not below rank 4',
  ])
})

test('findFaults() keeps pure folders pure', () => {
  assert.deepEqual(faultsIn('route/x.ts', `const now = Date.now()`), ['route is pure, but uses Date.now'])
  assert.deepEqual(faultsIn('compile/x.ts', `import { readFileSync } from 'node:fs'`), [
    'compile is pure, but uses node:fs',
  ])
  assert.deepEqual(faultsIn('route/x.ts', `// Date.now would be impure\n`), [])
})

test('findFaults() refuses names that say nothing', () => {
  assert.deepEqual(faultsIn('route/utils.ts', ''), ['"utils" says nothing'])
  assert.deepEqual(faultsIn('route/camelCase.ts', ''), ['file names are kebab-case'])
})
