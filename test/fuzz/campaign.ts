import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'

import { minimise, mutate } from './mutate.ts'
import { Random } from './random.ts'

/** A promise of the program, and the inputs from which others are made to break it. */
export interface Campaign {
  /** Also the name of its file of seeds. */
  readonly name: string
  readonly corpus: readonly string[]
  readonly dictionary: readonly string[]
  /**
   * Throws if the input breaks the promise; must not depend on anything else. Answers in a few words what became of the
   * input: what ends in a new way is mutated further.
   */
  readonly check: (input: string) => string | Promise<string>
}

export interface Seed {
  /** One char an octet. */
  readonly input: string
  readonly why: string
}

export interface Effort {
  readonly seed: number
  /** Inputs made. */
  readonly runs: number
}

/** How often inputs ended in which way. */
export type Tally = ReadonlyMap<string, number>

/** Inputs under way at once, for checks that wait. */
const atOnce = 64
/** Inputs kept because they ended in a new way. */
const mostKept = 2_000

export function seedsOf({ name }: Campaign): readonly Seed[] {
  return JSON.parse(readFileSync(join(import.meta.dirname, 'seeds', `${name}.json`), 'utf8')) as Seed[]
}

/** Plays the seeds, then the corpus, then inputs made from both. Throws with the shortest input found that fails. */
export async function runCampaign(campaign: Campaign, { seed, runs }: Effort): Promise<Tally> {
  const random = new Random(seed)
  const pool = [...seedsOf(campaign).map(({ input }) => input), ...campaign.corpus]
  const tally = new Map<string, number>()
  const play = async (input: string): Promise<void> => {
    const end = await checkOrExplain(campaign, input, seed)
    const before = tally.get(end) ?? 0
    tally.set(end, before + 1)
    if (before < 2 && pool.length < mostKept) pool.push(input)
  }
  await Promise.all(pool.slice().map(play))
  for (let done = 0; done < runs; done += atOnce) {
    const material = { dictionary: campaign.dictionary, pool }
    const inputs = Array.from({ length: Math.min(atOnce, runs - done) }, () =>
      mutate(random.pick(pool), random, material),
    )
    // oxlint-disable-next-line no-await-in-loop -- what is kept of one batch is mutated in the next
    await Promise.all(inputs.map(play))
  }
  return tally
}

async function checkOrExplain(campaign: Campaign, input: string, seed: number): Promise<string> {
  try {
    return await campaign.check(input)
  } catch (error) {
    const fails = (candidate: string): Promise<boolean> => failsSomehow(campaign, candidate)
    throw new Error(explain(campaign, await minimise(input, fails), seed), { cause: error })
  }
}

async function failsSomehow({ check }: Campaign, input: string): Promise<boolean> {
  try {
    await check(input)
    return false
  } catch {
    return true
  }
}

function explain({ name }: Campaign, shortest: string, seed: number): string {
  const input = JSON.stringify(shortest)
  return [
    `${name}, seed ${seed}: fails for ${inspect(shortest)}. As a test:`,
    `  test('…', () => check(${input}))`,
    `To keep it, as a line of test/fuzz/seeds/${name}.json:`,
    `  { "input": ${input}, "why": "…" }`,
  ].join('\n')
}
