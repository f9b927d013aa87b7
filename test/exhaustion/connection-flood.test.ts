import { test } from 'node:test'

import { times } from '../failure/exercises/findings.ts'
import { holds } from '../failure/holds.ts'
import { floodConnections } from './connection-flood.ts'

const onLinux = { skip: process.platform !== 'linux' && 'reads /proc', timeout: 120_000 }
const flood = { connections: 5_000, descriptors: 1_024 }

test('5,000 connections to a Lintel with 1,024 descriptors', onLinux, (t) =>
  holds(t, (course) => floodConnections(course, { ...flood, text: '' }), times(1)),
)

test('the same with half a request each', onLinux, (t) =>
  holds(t, (course) => floodConnections(course, { ...flood, text: 'GET / HTTP/1.1\r\n' }), times(1)),
)
