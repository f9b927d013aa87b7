import { test } from 'node:test'

import { times } from '../failure/exercises/findings.ts'
import { holds } from '../failure/holds.ts'
import { pinMemory } from './pinned-memory.ts'

const onLinux = { skip: process.platform !== 'linux' && 'reads /proc', timeout: 120_000 }

test('connections that cost as much memory as they can leave the client beside them served', onLinux, (t) =>
  holds(t, (course) => pinMemory(course, { connections: 16, upstreamTimeout: '10s' }), times(1)),
)
