import assert from 'node:assert/strict'
import { test } from 'node:test'

import { printable } from './printable.ts'

test('printable() shows what a terminal would obey', () => {
  assert.equal(printable('/a b/föö'), '/a b/föö')
  assert.equal(printable('/a\n\u001B[2J\u202E\u2028'), String.raw`/a\u{A}\u{1B}[2J\u{202E}\u{2028}`)
})
