import { test } from 'node:test'

import { times } from '../failure/exercises/findings.ts'
import { holds } from '../failure/holds.ts'
import { trickle } from './trickles.ts'

const onLinux = { skip: process.platform !== 'linux' && 'reads /proc', timeout: 300_000 }

test('requests, answers and handshakes an octet at a time', onLinux, (t) =>
  holds(t, (course) => trickle(course, { connections: 40, pace: 50, deadline: 3_000 }), times(1)),
)
