import { pinMemory, sentPinnings, stalledPinnings } from '../../exhaustion/pinned-memory.ts'
import { combine } from '../../failure/exercises/findings.ts'
import type { Findings } from '../../failure/exercises/findings.ts'
import type { Scenario } from '../scenario.ts'

export const pinnedMemory: Scenario = {
  name: 'pinned-memory',
  shows: 'no hostile connection pins more than 256 KiB, whatever it sends or does not read, over TLS and without',
  run: async (course) => {
    const found: Findings[] = []
    for (const door of ['http', 'tls'] as const) {
      const pinned = { upstreamTimeout: '60s', door }
      found.push(await pinMemory(course, { ...pinned, connections: 400, kinds: sentPinnings }))
      // Megabytes of each of these wait in the kernel, whose memory for TCP is bounded too.
      for (const kind of stalledPinnings)
        found.push(await pinMemory(course, { ...pinned, connections: 100, kinds: [kind] }))
    }
    return combine(found)
  },
}
