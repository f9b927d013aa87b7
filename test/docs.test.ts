import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

import { commands } from '../src/cli/index.ts'
import { printFlagPage } from '../tools/print-flags.ts'

function readPage(name: string): string {
  return readFileSync(new URL(`../docs/${name}`, import.meta.url), 'utf8')
}

test('docs/flags.md is what tools/print-flags.ts prints', () => {
  assert.equal(readPage('flags.md'), printFlagPage())
})

test('docs/flags.md has every command, and every flag of it', () => {
  const page = readPage('flags.md')
  for (const { name, flags } of commands) {
    assert.ok(page.includes(`\n## ${name}\n`), `command ${name}`)
    for (const flag of flags) assert.ok(page.includes(`\`--${flag.name}\``), `--${flag.name} of ${name}`)
  }
})
