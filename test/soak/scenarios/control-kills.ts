import { killControl } from '../../failure/exercises/control-kills.ts'
import type { Scenario } from '../scenario.ts'

export const controlKills: Scenario = {
  name: 'control-kills',
  shows: 'control that is killed costs no request, and the next edit is live within two seconds',
  run: killControl,
}
