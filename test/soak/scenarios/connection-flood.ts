import type { Attack } from '../../exhaustion/attackers.ts'
import { floodConnections } from '../../exhaustion/connection-flood.ts'
import { combine } from '../../failure/exercises/findings.ts'
import type { Findings } from '../../failure/exercises/findings.ts'
import type { Scenario } from '../scenario.ts'

const attacks: readonly Attack[] = [
  { text: 'GET / HTTP/1.1\r\n' },
  { text: '\x16\x03\x01\x02\x00\x01', door: 'handshake' },
  { text: '', door: 'tls' },
]

export const connectionFlood: Scenario = {
  name: 'connection-flood',
  shows: 'with 15,000 connections and 1,024 descriptors service goes on, and nothing spins, over TLS and without',
  run: async (course) => {
    const found: Findings[] = []
    for (const attack of attacks)
      found.push(await floodConnections(course, { connections: 15_000, descriptors: 1_024, attack }))
    return combine(found)
  },
}
