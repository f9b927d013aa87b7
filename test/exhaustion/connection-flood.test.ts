import { test } from 'node:test'

import { times } from '../failure/exercises/findings.ts'
import { holds } from '../failure/holds.ts'
import type { Attack } from './attackers.ts'
import { floodConnections } from './connection-flood.ts'

const onLinux = { skip: process.platform !== 'linux' && 'reads /proc', timeout: 300_000 }

/** Handshakes cost those who begin them as much as Lintel, so there are fewer. */
const floods: readonly [what: string, connections: number, attack: Attack][] = [
  ['that say nothing', 4_000, { text: '' }],
  ['with half a request each', 4_000, { text: 'GET / HTTP/1.1\r\n' }],
  ['that begin a handshake', 4_000, { text: '\x16\x03\x01\x02\x00\x01', door: 'handshake' }],
  ['that end a handshake, and say nothing', 2_000, { text: '', door: 'tls' }],
]

for (const [what, connections, attack] of floods)
  test(`${connections} connections ${what}, to a Lintel with 1,024 descriptors`, onLinux, (t) =>
    holds(t, (course) => floodConnections(course, { connections, descriptors: 1_024, attack }), times(1)),
  )
