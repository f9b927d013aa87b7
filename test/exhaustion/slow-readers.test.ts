import { test } from 'node:test'

import { times } from '../failure/exercises/findings.ts'
import { holds } from '../failure/holds.ts'
import { readSlowly } from './slow-readers.ts'

const onLinux = { skip: process.platform !== 'linux' && 'reads /proc', timeout: 120_000 }

/** They go on for four times as long as an upstream may be silent: it is not what makes them wait. */
const readers = { connections: 24, pace: 50, upstreamTimeout: '1s', answers: 200 }

test('clients that read an answer slowly get it for as long as they read', onLinux, (t) =>
  holds(t, (course) => readSlowly(course, readers), times(1)),
)
