import { test } from 'node:test'

import { times } from '../failure/exercises/findings.ts'
import { holds } from '../failure/holds.ts'
import { waitForSlowClients } from './slow-clients.ts'

const onLinux = { skip: process.platform !== 'linux' && 'reads /proc', timeout: 120_000 }

test('clients that begin and do not go on are ended at their deadline', onLinux, (t) =>
  holds(t, (course) => waitForSlowClients(course, { connections: 300, deadline: 3_000 }), times(1)),
)
