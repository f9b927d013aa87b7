import { serveHostileManifests } from '../../exhaustion/serve-hostile-manifests.ts'
import type { Scenario } from '../scenario.ts'

/** About ten times what paths, hosts and rules cost; what grows with the square costs far more than that at such lengths. */
const mostPerKibi = 8

export const hostileManifests: Scenario = {
  name: 'hostile-manifests',
  shows:
    'an Ingress with 50,000 paths, a manifest of 15 MB and others like them cost themselves, and time in proportion',
  run: (course) => serveHostileManifests(course, { size: 50_000, mostPerKibi }),
}
