import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { suite, test } from 'node:test'

import { acceptedDifferences } from './accepted-differences.ts'
import { runCampaign, seedsOf } from './campaign.ts'
import type { Campaign } from './campaign.ts'
import { campaigns } from './campaigns.ts'
import { answerDifferences, requestDifferences } from './differential.ts'
import { minimise } from './mutate.ts'
import { requests } from './requests.ts'

const seed = Number(process.env['FUZZ_SEED'] ?? 20_261_126)

/** What a campaign is made to check, in order. */
async function inputs(): Promise<string[]> {
  const seen: string[] = []
  await runCampaign({ ...requests, check: (input) => `${seen.push(input) % 7}` }, { seed, runs: 500 })
  return seen
}

suite(`fuzzing, seed ${seed}`, () => {
  for (const [campaign, runs] of campaigns)
    test(campaign.name, async () => {
      const tally = await runCampaign(campaign, { seed, runs })
      assert.ok(tally.size > 1, 'all inputs ended alike')
    })

  test('each file of seeds belongs to a campaign, and each seed says why it is kept', () => {
    const names = campaigns.map(([{ name }]) => `${name}.json`)
    assert.deepEqual(readdirSync(join(import.meta.dirname, 'seeds')).toSorted(), names.toSorted())
    for (const { why } of campaigns.flatMap(([campaign]) => seedsOf(campaign))) assert.match(why, /\S/)
  })

  test('a broken promise is told of with its seed and the shortest input', async () => {
    const broken: Campaign = {
      name: 'requests',
      corpus: ['aaXbb\0cc'],
      dictionary: [],
      check: (input) => {
        if (/X[^]*\0/.test(input)) throw new Error('found')
        return 'fine'
      },
    }
    const failure = runCampaign(broken, { seed: 7, runs: 0 })
    await assert.rejects(failure, /seed 7[^]*"input": "X\\u0000"/)
    assert.equal(await minimise('abcabc', async (text) => text.includes('ca')), 'ca')
  })

  test('the same seed makes the same inputs', async () => {
    assert.deepEqual(await inputs(), await inputs())
  })
})

suite('differences from node:http that are on file', () => {
  test('are no excuse for what follows them', async () => {
    const brew = 'BREW /pot HTTP/1.1\r\nHost: a.test\r\n\r\n'
    const tab = 'POST / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\t\r\n\r\n0\r\n\r\n'
    const [differences] = await requestDifferences(brew + tab + brew)
    assert.deepEqual(
      differences.map(({ refusal, what }) => [refusal, what]),
      [
        ['HPE_INVALID_METHOD', 'refused'],
        ['HPE_INVALID_TRANSFER_ENCODING', 'incomplete'],
        ['HPE_INVALID_METHOD', 'refused'],
      ],
    )
  })

  for (const { name, example, applies } of acceptedDifferences)
    test(name, async () => {
      const compare = example.startsWith('HTTP/') ? answerDifferences : requestDifferences
      const [[difference]] = await compare(example)
      assert.ok(difference, 'no longer a difference: take the entry out')
      assert.ok(applies(difference))
    })
})
