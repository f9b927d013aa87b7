import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { suite, test } from 'node:test'

import { applyMutant } from './mutant.ts'
import { mutants } from './table.ts'

const root = join(import.meta.dirname, '../..')

suite('mutants', () => {
  test('the text of each stands exactly once in its file, and is changed', () => {
    const gone = mutants.filter((mutant) => applyMutant(root, mutant) === undefined || mutant.find === mutant.replace)
    assert.deepEqual(
      gone.map(({ file, find }) => `${file}: ${find}`),
      [],
    )
  })

  test('each names test files that there are', () => {
    const suites = new Set(mutants.flatMap((mutant) => mutant.suites))
    assert.deepEqual(
      [...suites].filter((path) => !existsSync(join(root, path))),
      [],
    )
  })
})
