import { killWorkers } from '../../failure/exercises/worker-kills.ts'
import type { Scenario } from '../scenario.ts'

export const workerKills: Scenario = {
  name: 'worker-kills',
  shows: 'a worker that is killed costs only what it held, and its successor serves within a second',
  run: killWorkers,
}
