import { editUnderLoad } from '../../failure/exercises/edits.ts'
import type { Scenario } from '../scenario.ts'

export const edits: Scenario = {
  name: 'edits',
  shows: 'edits under load cost no request, and each is live within half a second',
  run: editUnderLoad,
}
