import { trickle } from '../../exhaustion/trickles.ts'
import type { Scenario } from '../scenario.ts'

export const trickles: Scenario = {
  name: 'trickles',
  shows: 'requests, answers and handshakes of an octet a second, 500 of each kind, end as they have to',
  run: (course) => trickle(course, { connections: 500, pace: 1_000, deadline: 30_000 }),
}
