import { passLargeBodies } from '../../failure/exercises/large-bodies.ts'
import type { Scenario } from '../scenario.ts'

const tenGigabytes = 10_000_000_000

export const bodies: Scenario = {
  name: 'bodies',
  shows: 'a body of 10 GB passes either way, plain and over TLS, in constant memory',
  run: (course) => passLargeBodies(course, tenGigabytes),
}
