import { test } from 'node:test'

import { loseApiServer } from './exercises/api-outages.ts'
import { times } from './exercises/findings.ts'
import { holds } from './holds.ts'

test('an API server that is killed, hangs, or answers 410 costs no request', { timeout: 180_000 }, (t) =>
  holds(t, (course) => loseApiServer(course, 5), times(1)),
)
