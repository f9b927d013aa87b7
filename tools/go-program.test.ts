import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

import { pathOfGoProgram } from './go-program.ts'

const program = { name: 'caddy', package: 'example.com/caddy' }

test('pathOfGoProgram() stands outside of the tree and names the version', () => {
  const path = pathOfGoProgram({ ...program, pin: { version: 'v2.11.9' } })
  assert.ok(path.endsWith('lintel/go/caddy-v2.11.9'))
  assert.ok(!path.startsWith(join(import.meta.dirname, '..')))
})

test('pathOfGoProgram() is another one for other modules or linker flags', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'lintel-go-'))
  t.after(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'go.mod'), 'module a')
  writeFileSync(join(folder, 'go.sum'), '')
  const pinned = { ...program, pin: { folder } }
  const before = pathOfGoProgram(pinned)
  assert.equal(pathOfGoProgram(pinned), before)
  assert.notEqual(pathOfGoProgram({ ...pinned, linkerFlags: '-X a=b' }), before)
  writeFileSync(join(folder, 'go.sum'), 'changed')
  assert.notEqual(pathOfGoProgram(pinned), before)
})
