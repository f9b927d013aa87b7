import { readNothing, readSlowly } from '../../exhaustion/slow-readers.ts'
import { combine } from '../../failure/exercises/findings.ts'
import type { Scenario } from '../scenario.ts'

/** Of each kind: megabytes of each wait in the kernel, whose memory for TCP is bounded. */
const connections = 50

export const slowReaders: Scenario = {
  name: 'slow-readers',
  shows: 'clients that read nothing of 1 GB are ended after a minute; those that read a little each second are not',
  // Half as long again as whoever reads nothing may stay.
  run: async (course) =>
    combine([
      await readNothing(course, connections),
      await readSlowly(course, { connections, pace: 1_000, upstreamTimeout: '60s', answers: 6_000 }),
    ]),
}
