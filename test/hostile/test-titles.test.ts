import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import { hasTest } from './test-titles.ts'

const run = [
  "test('it holds', () => {})",
  "  test('it holds, always', deadline, async () => {})",
  'test(`it holds ${what}`, () => {})',
  "test(\n  'it holds',\n  { skip: !onLinux && 'reads /proc' },\n  () => {},\n)",
]
/** Texts that are looked at: none of them is a test of this project. */
const notRun = [
  "const title = 'it holds'",
  "// test('it holds', () => {})",
  "/*\ntest('it holds', () => {})\n*/",
  "test.skip('it holds', () => {})",
  "test.todo('it holds')",
  "test('it holds', { skip: true }, () => {})",
  "test('it holds', { skip: 'not now' }, () => {})",
  "test('it holds', { todo: true }, () => {})",
  "test('another', () => ask('it holds'))",
]

suite('whether a test is run', () => {
  for (const text of run) test(`yes: ${text}`, () => assert.ok(hasTest(text, 'it holds')))
  for (const text of notRun) test(`no: ${text}`, () => assert.ok(!hasTest(text, 'it holds')))
})
