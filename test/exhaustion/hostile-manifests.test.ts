import { test } from 'node:test'

import { times } from '../failure/exercises/findings.ts'
import { holds } from '../failure/holds.ts'
import { serveHostileManifests } from './serve-hostile-manifests.ts'

const onLinux = { skip: process.platform !== 'linux' && 'reads /proc', timeout: 300_000 }

test('manifests of 3 MB, of 10,000 paths, and others that cost what they can', onLinux, (t) =>
  holds(t, (course) => serveHostileManifests(course, { size: 10_000 }), times(1)),
)
