import assert from 'node:assert/strict'
import { test } from 'node:test'

import { heapFlags } from './child-command.ts'

const gibibyte = 1024 ** 3

for (const [what, workers, limit, flags] of [
  ['a quarter of a gibibyte each', 2, gibibyte, ['--max-old-space-size=256']],
  ['all that one worker may have', 1, 2 * gibibyte, ['--max-old-space-size=1024']],
  ['never too little to start', 4, gibibyte / 8, ['--max-old-space-size=64']],
  ['no limit, nothing said', 2, 2 ** 64, []],
  ['nothing known, nothing said', 2, 0, []],
] as const) {
  test(`the heap of ${workers} workers within ${limit} octets: ${what}`, () => {
    assert.deepEqual(heapFlags(workers, limit, 16 * gibibyte), flags)
  })
}
