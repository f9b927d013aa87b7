import { stopGracefully } from '../../failure/exercises/graceful-stops.ts'
import type { Scenario } from '../scenario.ts'

export const gracefulStops: Scenario = {
  name: 'graceful-stops',
  shows: 'a stop under load finishes what was begun, cuts nothing, and exits 0, every time',
  run: stopGracefully,
}
