import assert from 'node:assert/strict'
import { test } from 'node:test'

import { besideBoth } from './usage.ts'
import type { Usage } from './usage.ts'

const usage = (more: Partial<Usage>): Usage => ({ seconds: 4, proxy: 2, parts: {}, neighbours: 0, stolen: 0, ...more })

test('of two stretches the cost is that of the second, and the neighbours are the worse of both', () => {
  const second = usage({ proxy: 3, stolen: 0.2 })
  assert.deepEqual(besideBoth(usage({ neighbours: 0.5, stolen: 0.1 }), second), { ...second, neighbours: 0.5 })
})
