import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

import { commands } from '../src/cli/index.ts'
import { answerReasons, diagnosticCodes } from '../src/model/index.ts'
import { printFlagPage } from '../tools/print-flags.ts'
import { printMetricPage } from '../tools/print-metrics.ts'

function readPage(name: string): string {
  return readFileSync(new URL(`../docs/${name}`, import.meta.url), 'utf8')
}

test('docs/flags.md is what tools/print-flags.ts prints', () => {
  assert.equal(readPage('flags.md'), printFlagPage())
})

test('docs/metrics.md is what tools/print-metrics.ts prints', () => {
  assert.equal(readPage('metrics.md'), printMetricPage())
})

test('docs/flags.md has every command, and every flag of it', () => {
  const page = readPage('flags.md')
  for (const { name, flags } of commands) {
    assert.ok(page.includes(`\n## ${name}\n`), `command ${name}`)
    for (const flag of flags) assert.ok(page.includes(`\`--${flag.name}\``), `--${flag.name} of ${name}`)
  }
})

test('docs/errors.md describes every diagnostic code, with its severity, and no other', () => {
  const codes = Object.entries(diagnosticCodes).map(([code, { severity }]) => [code, severity])
  assert.deepEqual(entriesOf('Diagnostics'), codes)
})

test('docs/errors.md describes every reason of an answer, with its status, and no other', () => {
  const reasons = Object.entries(answerReasons).map(([reason, status]) => [reason, String(status)])
  assert.deepEqual(entriesOf('Answers'), reasons)
})

/** The headings of a chapter of the page, each with the first word below it. */
function entriesOf(chapter: string): string[][] {
  const [, text = ''] = readPage('errors.md').split(`\n## ${chapter}\n`)
  const [own = ''] = text.split('\n## ')
  return [...own.matchAll(/^### (\w+)\n\n_?([a-z]+|\d+)/gm)].map(([, name = '', first = '']) => [name, first])
}
