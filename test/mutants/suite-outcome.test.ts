import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite, test } from 'node:test'

import { suiteOutcomes } from './suite-outcome.ts'
import type { SuiteOutcome } from './suite-outcome.ts'

const program = join(import.meta.dirname, 'suite-process.ts')
const imports = "import { before, suite, test } from 'node:test'\n"

const files: readonly [what: string, text: string, outcome: SuiteOutcome][] = [
  ['a test that passes', 'test("x", () => {})', 'passed'],
  ['a test that fails', 'test("x", () => { throw new Error("x") })', 'failed'],
  ['a test of a suite that fails', 'suite("s", () => { test("x", () => { throw new Error("x") }) })', 'failed'],
  [
    'a test that takes too long',
    'test("x", { timeout: 20 }, () => new Promise((end) => setTimeout(end, 999)))',
    'timed out',
  ],
  ['a text that cannot be read', 'test("x", () => {', 'crashed'],
  ['a file that throws', 'throw new Error("x")', 'crashed'],
  ['a suite that throws', 'suite("s", () => { throw new Error("x") })', 'crashed'],
  ['a hook that throws', 'before(() => { throw new Error("x") })\ntest("x", () => {})', 'crashed'],
  ['a process that dies', 'test("x", () => process.exit(3))', 'crashed'],
]

suite('what becomes of a test file', () => {
  for (const [what, text, outcome] of files)
    test(`${what}: ${outcome}`, (t) => {
      const folder = mkdtempSync(join(tmpdir(), 'lintel-suite-'))
      t.after(() => rmSync(folder, { recursive: true }))
      writeFileSync(join(folder, 'x.test.mjs'), imports + text)
      // It is no part of the run of tests that this one belongs to.
      const { NODE_TEST_CONTEXT: _, ...env } = process.env
      const { status } = spawnSync(process.execPath, [program, join(folder, 'x.test.mjs')], { env })
      assert.equal(suiteOutcomes[status ?? -1], outcome)
    })
})
