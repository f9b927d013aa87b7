import { untilAtRest } from './at-rest.ts'
import type { Backend } from './backend.ts'
import type { Candidate } from './candidates/index.ts'
import type { Cell } from './cells/index.ts'
import { estimateCell, warmUpOf } from './estimate.ts'
import type { Stage } from './estimate.ts'
import { suits } from './need.ts'
import type { BenchOptions } from './options.ts'
import { differences, observeJob } from './parity.ts'
import { reference, runRounds } from './rounds.ts'
import type { Entrant } from './rounds.ts'
import type { Sample } from './sample.ts'
import { makeSite } from './site.ts'
import type { Site } from './site.ts'
import type { Yardstick } from './yardstick.ts'

/** What a run hands to each of its stages, and what it wants to hear of them. */
export interface Conduct {
  readonly backend: Backend
  readonly candidates: readonly Candidate[]
  readonly options: BenchOptions
  readonly yardstick: Yardstick | undefined
  /** Seconds that are not yet spoken for by what comes after this stage. */
  readonly spare: () => number
  readonly onRound: (samples: readonly Sample[]) => void
  readonly onCell: (cell: Cell) => void
  /** Something could not be measured; everything else goes on. */
  readonly onFault: (what: string, error: unknown) => void
}

/** Starts the candidates on one site, and takes them through its cells. */
export async function runStage(stage: Stage, conduct: Conduct): Promise<void> {
  const site = await makeSite(stage[0]?.site ?? { hosts: 1 }, conduct.backend.port)
  const entrants: Entrant[] = []
  try {
    for (const candidate of conduct.candidates.filter((one) => stage.some((cell) => suits(one, cell))))
      await enter(candidate, site, entrants, conduct)
    const alike = await thoseWithSameJob(entrants, site, conduct)
    for (const cell of stage) await runCell(cell, stage, { site, entrants: alike }, conduct)
  } finally {
    for (const { running } of entrants) await running.stop()
    site.remove()
  }
}

async function enter(candidate: Candidate, site: Site, entrants: Entrant[], { onFault }: Conduct): Promise<void> {
  try {
    const running = await candidate.start(site)
    entrants.push({ candidate, running })
    await untilAtRest(candidate.name, running.pid)
  } catch (error) {
    onFault(`${candidate.name} does not start`, error)
  }
}

/** Nobody is measured who does another job than the reference, or than the first where that is not there. */
async function thoseWithSameJob(
  entrants: readonly Entrant[],
  site: Site,
  { onFault }: Conduct,
): Promise<readonly Entrant[]> {
  const judge = entrants.find(({ candidate }) => candidate.name === reference) ?? entrants[0]
  if (judge === undefined) return []
  const wanted = await observeJob(judge.candidate, judge.running, site)
  const alike: Entrant[] = []
  for (const entrant of entrants) {
    const { candidate, running } = entrant
    try {
      const found = differences(wanted, await observeJob(candidate, running, site))
      if (found.length > 0) throw new Error(found.join('\n'))
      alike.push(entrant)
    } catch (error) {
      onFault(`${candidate.name} does another job than ${judge.candidate.name}`, error)
    }
  }
  return alike
}

async function runCell(
  cell: Cell,
  stage: Stage,
  { site, entrants }: { readonly site: Site; readonly entrants: readonly Entrant[] },
  conduct: Conduct,
): Promise<void> {
  const { backend, candidates, options, yardstick, spare, onRound, onFault, onCell } = conduct
  const secondsOf = (one: Cell): number => estimateCell(one, stage, candidates, options)
  const later = stage.slice(stage.indexOf(cell) + 1).reduce((sum, one) => sum + secondsOf(one), 0)
  const rounds = runRounds(cell, {
    site,
    backend,
    entrants: entrants.filter(({ candidate }) => suits(candidate, cell)),
    options: { ...options, warmUp: warmUpOf(cell, stage, options) },
    yardstick,
    hasTime: () => spare() > later + secondsOf(cell) / options.rounds,
    onFault: (name, error) => onFault(`${cell.id}: ${name} is left out`, error),
  })
  for await (const samples of rounds) onRound(samples)
  onCell(cell)
}
