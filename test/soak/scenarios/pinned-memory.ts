import { pinMemory } from '../../exhaustion/pinned-memory.ts'
import type { Scenario } from '../scenario.ts'

export const pinnedMemory: Scenario = {
  name: 'pinned-memory',
  shows: 'no hostile connection pins more than 256 KiB, whatever it sends or does not read',
  run: (course) => pinMemory(course, { connections: 400, upstreamTimeout: '60s' }),
}
