import { randomInt } from 'node:crypto'

import { runCampaign } from '../../fuzz/campaign.ts'
import { campaigns } from '../../fuzz/campaigns.ts'
import type { Scenario } from '../scenario.ts'

/** Inputs of one campaign before it is the turn of the next. */
const turn = 20_000

export const fuzzing: Scenario = {
  name: 'fuzzing',
  shows:
    'mutated requests, answers, chunks, paths and log lines break no promise, each round from a seed of its own; 10 minutes',
  minutes: 10,
  run: async ({ goesOn }) => {
    let inputs = 0
    for (let round = 0; goesOn(round); round++) {
      const seed = randomInt(2 ** 31)
      for (const [campaign] of campaigns) {
        const tally = await runCampaign(campaign, { seed, runs: turn })
        inputs += [...tally.values()].reduce((sum, count) => sum + count, 0)
      }
    }
    return { figures: [{ name: 'inputs', value: inputs, unit: '' }], faults: [] }
  },
}
