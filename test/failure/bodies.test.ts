import { test } from 'node:test'

import { times } from './exercises/findings.ts'
import { passLargeBodies } from './exercises/large-bodies.ts'
import { holds } from './holds.ts'

const gigabyte = 1_000_000_000
const onLinux = { skip: process.platform !== 'linux' && 'memory is read from /proc', timeout: 400_000 }

test('a body of 1 GB passes either way, plain and over TLS, whole and in constant memory', onLinux, (t) =>
  holds(t, (course) => passLargeBodies(course, gigabyte), times(1)),
)
