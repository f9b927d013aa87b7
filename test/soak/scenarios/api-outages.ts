import { loseApiServer } from '../../failure/exercises/api-outages.ts'
import type { Scenario } from '../scenario.ts'

export const apiOutages: Scenario = {
  name: 'api-outages',
  shows: 'an API server that fails costs no request, is left in peace, and is followed again within five seconds',
  run: (course) => loseApiServer(course, 60),
}
