import type { Candidate } from './candidates/index.ts'
import type { Cell } from './cells/index.ts'
import { suits } from './need.ts'
import type { BenchOptions } from './options.ts'

/** What a visit takes beyond its sample: the start of the load, and of the connections that it keeps. */
const aroundVisit = 0.15
/** To configure and start a candidate, and to see that it does the job. */
const toStart = (hosts: number): number => 1 + hosts / 2_000

/** Cells of one site: they are measured on the same processes, one cell after another. */
export type Stage = readonly Cell[]

export function planStages(cells: readonly Cell[]): Stage[] {
  return [...Map.groupBy(cells, ({ site }) => JSON.stringify(site)).values()]
}

/** Seconds of warming up before a cell: after the first of its stage, everybody is warm but for what it asks anew. */
export function warmUpOf(cell: Cell, stage: Stage, { warmUp }: BenchOptions): number {
  return cell === stage[0] ? warmUp : warmUp / 3
}

/** About how many seconds a cell takes if no sample is thrown away. */
export function estimateCell(
  cell: Cell,
  stage: Stage,
  candidates: readonly Candidate[],
  options: BenchOptions,
): number {
  const { secondsOf = (seconds: number) => seconds, fresh = false } = cell
  const count = candidates.filter((candidate) => suits(candidate, cell)).length
  const warmUp = fresh ? 0 : secondsOf(warmUpOf(cell, stage, options)) + aroundVisit
  return count * (warmUp + options.rounds * (secondsOf(options.seconds) + aroundVisit))
}

/** The same of all stages, with the starts of the candidates. */
export function estimateAll(stages: readonly Stage[], candidates: readonly Candidate[], options: BenchOptions): number {
  const times = stages.map((stage) => {
    const needed = candidates.filter((candidate) => stage.some((cell) => suits(candidate, cell)))
    const cells = stage.map((cell) => estimateCell(cell, stage, candidates, options))
    return cells.reduce((sum, time) => sum + time, needed.length * toStart(stage[0]?.site.hosts ?? 0))
  })
  return times.reduce((sum, time) => sum + time, 0)
}
