import { randomInt } from 'node:crypto'

import { combine } from '../../failure/exercises/findings.ts'
import { failHalf } from '../../hostile/half-failing.ts'
import { raceReuse } from '../../hostile/reuse-races.ts'
import type { Scenario } from '../scenario.ts'

export const endpoints: Scenario = {
  name: 'endpoints',
  shows:
    'endpoints that close connections as they are used again cost no GET and get no POST twice, and half of them failing makes no storm of retries',
  run: async (course) => combine([await failHalf(course), await raceReuse(course, randomInt(2 ** 31))]),
}
