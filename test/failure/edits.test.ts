import { test } from 'node:test'

import { editUnderLoad } from './exercises/edits.ts'
import { times } from './exercises/findings.ts'
import { holds } from './holds.ts'

test('100 edits of the manifests under load lose no request, and each is live', { timeout: 120_000 }, (t) =>
  holds(t, editUnderLoad, times(100)),
)
