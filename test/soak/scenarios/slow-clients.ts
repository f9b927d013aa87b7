import { waitForSlowClients } from '../../exhaustion/slow-clients.ts'
import type { Scenario } from '../scenario.ts'

export const slowClients: Scenario = {
  name: 'slow-clients',
  shows: '9,000 idle connections, half heads and half bodies each are ended at a deadline of 20 s',
  run: (course) => waitForSlowClients(course, { connections: 9_000, deadline: '20s' }),
}
