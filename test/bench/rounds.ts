import type { Backend } from './backend.ts'
import type { Candidate, Running } from './candidates/index.ts'
import type { Cell } from './cells/index.ts'
import { KeptLoads } from './kept-loads.ts'
import type { Load } from './native-load.ts'
import type { BenchOptions } from './options.ts'
import type { Measurement, Sample } from './sample.ts'
import type { Site } from './site.ts'
import { shuffle } from './statistics.ts'
import { whenCalm } from './yardstick.ts'
import type { Yardstick } from './yardstick.ts'

/** The proxy that sets the pace, and that the ratios of the table are to. */
export const reference = 'nginx'

/** Rounds, for each that was asked for, to make up for samples that were thrown away. */
const mostTries = 3

/** Where a calm moment is wanted, a visit that did not end in one is made anew in the same round, so many times at most. */
const visitsForCalm = 8

/** A candidate that serves the site. */
export interface Entrant {
  readonly candidate: Candidate
  readonly running: Running
}

/** All that a cell needs to visit its candidates. */
export interface Field {
  readonly site: Site
  readonly backend: Backend
  readonly entrants: readonly Entrant[]
  readonly options: BenchOptions
  readonly yardstick: Yardstick | undefined
  /** Whether there is time for a round that makes up for samples that were thrown away. */
  readonly hasTime: () => boolean
  /** A candidate that fails is in no further round of the cell. */
  readonly onFault: (name: string, error: unknown) => void
}

/** Visits each candidate once a round, in an order of its own, until each has enough samples that count; gives the samples of each round. */
export async function* runRounds(cell: Cell, field: Field): AsyncGenerator<Sample[], void> {
  const { rounds, warmUp, seconds } = field.options
  let able: readonly Entrant[] = field.entrants
  await using loads = new KeptLoads()
  const visitAll = async (entrants: readonly Entrant[], length: number, mostVisits = 1): Promise<Visited[]> => {
    const visited: Visited[] = []
    for (const entrant of shuffle(entrants)) {
      try {
        for await (const measured of visitUntilCalm(cell, { ...field, loads, mostVisits }, entrant, length))
          visited.push({ entrant, measured })
      } catch (error) {
        able = able.filter((one) => one !== entrant)
        field.onFault(entrant.candidate.name, error)
      }
    }
    return visited
  }
  if (cell.fresh !== true) await visitAll(able, warmUp)
  const samples: Sample[] = []
  for (let round = 1; round <= rounds * mostTries; round++) {
    const due = round <= rounds ? able : lacking(able, samples, rounds)
    if (due.length === 0 || (round > rounds && !field.hasTime())) return
    const visited = await visitAll(due, seconds, visitsForCalm)
    const ofRound = visited.map((one) => sampleOf(cell.id, round, one, field.options))
    samples.push(...ofRound)
    yield ofRound
  }
}

type Measured = Measurement & Pick<Sample, 'cacheStep'>

interface Visited {
  readonly entrant: Entrant
  readonly measured: Measured
}

/** Those that have too few rounds in which they and the reference count, and the reference with them. */
function lacking(entrants: readonly Entrant[], samples: readonly Sample[], rounds: number): Entrant[] {
  const isReference = ({ candidate }: Entrant): boolean => candidate.name === reference
  const counted = (name: string): number[] =>
    samples.filter((one) => one.candidate === name && one.discarded === undefined).map(({ round }) => round)
  const ofReference = entrants.some(isReference) ? new Set(counted(reference)) : undefined
  const shared = ({ candidate: { name } }: Entrant): number =>
    counted(name).filter((round) => ofReference?.has(round) ?? true).length
  const short = entrants.filter((one) => shared(one) < rounds)
  return short.length === 0 ? [] : entrants.filter((one) => short.includes(one) || isReference(one))
}

function sampleOf(cell: string, round: number, { entrant, measured }: Visited, options: BenchOptions): Sample {
  const discarded = reasonToDiscard(measured, options)
  const sample = { cell, candidate: entrant.candidate.name, round, ...measured }
  return discarded === undefined ? sample : { ...sample, discarded }
}

function reasonToDiscard({ usage, cacheStep = 0 }: Measured, options: BenchOptions): string | undefined {
  const { neighbours, calm } = options
  if (usage.neighbours > neighbours) return `others used ${usage.neighbours.toFixed(2)} cores`
  if (usage.stolen > neighbours) return `the host took ${usage.stolen.toFixed(2)} cores`
  if (cacheStep > calm) return `others used the caches: a step took ${cacheStep.toFixed(1)} ns`
  return undefined
}

interface FieldOfCell extends Field {
  readonly loads: KeptLoads
  readonly mostVisits: number
}

/** Gives all visits; the last is the only one that can have ended in a calm moment. */
async function* visitUntilCalm(
  cell: Cell,
  field: FieldOfCell,
  entrant: Entrant,
  seconds: number,
): AsyncGenerator<Measured, void> {
  for (let visits = 1; visits <= field.mostVisits; visits++) {
    const measured = await visit(cell, field, entrant, seconds)
    yield measured
    if ((measured.cacheStep ?? 0) <= field.options.calm || !field.hasTime()) return
  }
}

async function visit(cell: Cell, field: FieldOfCell, entrant: Entrant, seconds: number): Promise<Measured> {
  const { site, backend, entrants, loads, yardstick, options } = field
  const running = cell.fresh === true ? await entrant.candidate.start(site) : entrant.running
  const pace = entrants.find(({ candidate }) => candidate.name === reference)?.running ?? running
  try {
    const keptLoad = (open: () => Promise<Load>): Promise<Load> => loads.of(running, open)
    const measured = await whenCalm(yardstick, options.calm, () =>
      cell.measure({ running, reference: pace, site, backend: backend.pid, seconds, keptLoad }),
    )
    if (measured.count === 0) throw new Error('nothing was answered')
    return measured
  } finally {
    if (running !== entrant.running) await running.stop()
  }
}
