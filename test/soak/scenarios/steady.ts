import type { Course, Figure, Findings } from '../../failure/exercises/findings.ts'
import { offerLoad, openScene, printFailures } from '../../failure/exercises/scene.ts'
import type { Scene } from '../../failure/exercises/scene.ts'
import type { LedgerEntry } from '../../support/load.ts'
import { factsOf } from '../../support/process-facts.ts'
import type { Scenario } from '../scenario.ts'
import { risePerHour } from '../slope.ts'
import type { Sample } from '../slope.ts'

const mebibyte = 1024 * 1024
const rate = 300
/** Requests between two looks. */
const stride = 3 * rate
/** The part of all looks in which caches fill and code is compiled. */
const warmUp = 1 / 3
/** Descriptors that may come and go with the load. */
const mostDescriptors = 64

export const steady: Scenario = {
  name: 'steady',
  shows: 'under steady load, plain and over TLS, memory and descriptors do not grow, and answers do not get slower',
  run: runSteadily,
}

async function runSteadily(course: Course): Promise<Findings> {
  const scene = await openScene(course, { rate })
  const secure = offerLoad(scene.lintel, { rate: rate / 3, secure: true })
  course.after(() => secure.stop())
  const samples: Sample[] = []
  const descriptors: number[] = []
  for (let round = 0; course.goesOn(round); round++) {
    await scene.load.answered(stride)
    const workers = workersOf(scene).map(factsOf)
    samples.push({ at: performance.now(), value: workers.reduce((sum, { resident }) => sum + resident, 0) })
    descriptors.push(workers.reduce((sum, facts) => sum + facts.descriptors, 0))
  }
  const ledger = [...(await scene.load.stop()), ...(await secure.stop())]
  const warm = Math.floor(samples.length * warmUp)
  return {
    figures: [
      { name: 'requests', value: ledger.length, unit: '' },
      { name: 'memory of the workers', value: (samples.at(-1)?.value ?? 0) / mebibyte, unit: 'MiB' },
      { name: 'rise of it', value: risePerHour(samples.slice(warm)) / mebibyte, unit: 'MiB/h' },
      { name: 'change of descriptors', value: change(descriptors.slice(warm)), unit: '', most: mostDescriptors },
      ...slowness(ledger),
    ],
    faults: printFailures(ledger),
  }
}

function workersOf({ lintel }: Scene): number[] {
  return [1, 2].flatMap((id) => lintel.pids(`lintel: worker ${id}`))
}

function change(values: readonly number[]): number {
  return Math.abs((values.at(-1) ?? 0) - (values[0] ?? 0))
}

/** The 99th percentile in the first and the last third. */
function slowness(ledger: readonly LedgerEntry[]): Figure[] {
  const third = Math.max(...ledger.map(({ due }) => due)) / 3
  const early = ledger.filter(({ due }) => due < third)
  const late = ledger.filter(({ due }) => due > 2 * third)
  return [
    { name: 'p99 at first', value: p99(early), unit: 'ms' },
    { name: 'p99 at last', value: p99(late), unit: 'ms' },
  ]
}

function p99(entries: readonly LedgerEntry[]): number {
  const sorted = entries.map(({ ms }) => ms).toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length * 0.99)] ?? 0
}
