import { floodConnections } from '../../exhaustion/connection-flood.ts'
import type { Scenario } from '../scenario.ts'

export const connectionFlood: Scenario = {
  name: 'connection-flood',
  shows: 'with 15,000 connections and 1,024 descriptors service goes on, and nothing spins',
  run: (course) => floodConnections(course, { connections: 15_000, descriptors: 1_024, text: 'GET / HTTP/1.1\r\n' }),
}
