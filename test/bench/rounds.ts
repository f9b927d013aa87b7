import type { Backend } from './backend.ts'
import type { Candidate, Running } from './candidates/index.ts'
import type { Cell } from './cells/index.ts'
import type { BenchOptions } from './options.ts'
import type { Measurement, Sample } from './sample.ts'
import type { Site } from './site.ts'
import { shuffle } from './statistics.ts'

/** Rounds, for each that was asked for, to make up for samples that were thrown away. */
const mostTries = 3

/** Candidates that serve one site, and all that a cell needs to visit them. */
export interface Field {
  readonly site: Site
  readonly backend: Backend
  readonly candidates: readonly Candidate[]
  readonly running: readonly Running[]
  readonly options: BenchOptions
}

/** Visits each candidate once a round, in an order of its own, until each has enough samples that count. */
export async function runRounds(cell: Cell, field: Field, tell: (sample: Sample) => void): Promise<Sample[]> {
  const { rounds, warmUp } = field.options
  const names = field.running.map(({ name }) => name).filter((name) => cell.only?.(name) ?? true)
  if (cell.fresh !== true) for (const name of names) await visit(cell, field, name, warmUp)
  const samples: Sample[] = []
  const isEnough = (): boolean =>
    names.every((name) => samples.filter((sample) => counts(sample, name)).length >= rounds)
  for (let round = 1; round <= rounds * mostTries && !isEnough(); round++) {
    for (const candidate of shuffle(names)) {
      const measured = await visit(cell, field, candidate, field.options.seconds)
      const discarded = reasonToDiscard(measured, field.options)
      const sample = { cell: cell.id, candidate, round, ...measured, ...(discarded === undefined ? {} : { discarded }) }
      samples.push(sample)
      tell(sample)
    }
  }
  return samples
}

function counts({ candidate, discarded }: Sample, name: string): boolean {
  return candidate === name && discarded === undefined
}

function reasonToDiscard({ usage, count }: Measurement, { neighbours }: BenchOptions): string | undefined {
  if (count === 0) return 'nothing was answered'
  if (usage.neighbours > neighbours) return `others used ${usage.neighbours.toFixed(2)} cores`
  if (usage.stolen > neighbours) return `the host took ${usage.stolen.toFixed(2)} cores`
  return undefined
}

async function visit(cell: Cell, field: Field, name: string, seconds: number): Promise<Measurement> {
  const { site, backend, candidates, running } = field
  const known = running.find((one) => one.name === name)
  const candidate = candidates.find((one) => one.name === name)
  if (known === undefined || candidate === undefined) throw new Error(`${name} does not run`)
  const own = cell.fresh === true ? await candidate.start(site) : known
  const reference = running.find((one) => one.name === 'nginx') ?? own
  try {
    return await cell.measure({ running: own, reference, site, backend: backend.pid, seconds })
  } finally {
    if (own !== known) await own.stop()
  }
}
