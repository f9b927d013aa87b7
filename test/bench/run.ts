import { candidates } from './candidates/index.ts'
import type { Candidate, Running } from './candidates/index.ts'
import { cells } from './cells.ts'
import type { Cell } from './cells.ts'
import { readOptions } from './options.ts'
import type { BenchOptions } from './options.ts'
import { observeJob } from './parity.ts'
import { stopProcess } from './pinned-process.ts'
import { buildResponder, startResponder } from './responder.ts'
import type { Backend } from './responder.ts'
import type { Sample } from './sample.ts'
import { makeSite } from './site.ts'
import type { Site } from './site.ts'
import { shuffle } from './statistics.ts'
import { printTable } from './table.ts'

/** Rounds beyond those asked for, to make up for samples that were thrown away. */
const mostRounds = 3

async function main(options: BenchOptions): Promise<void> {
  const path = buildResponder()
  if (path === undefined) throw new Error('there is no C compiler')
  const backend = await startResponder(path)
  const samples: Sample[] = []
  const wanted = cells.filter(({ id }) => options.cells?.includes(id) ?? true)
  const rivals = candidates.filter(({ name }) => options.candidates?.includes(name) ?? true)
  try {
    for (const hosts of new Set(wanted.map((cell) => cell.hosts))) {
      const site = await makeSite(hosts, backend.port)
      const some = wanted.filter((cell) => cell.hosts === hosts)
      samples.push(...(await visitSite(site, rivals, some, { options, backend }).finally(() => site.remove())))
    }
  } finally {
    await stopProcess(backend.process)
  }
  console.log(printTable(samples, wanted))
}

interface Run {
  readonly options: BenchOptions
  readonly backend: Backend
}

async function visitSite(
  site: Site,
  rivals: readonly Candidate[],
  wanted: readonly Cell[],
  run: Run,
): Promise<Sample[]> {
  const running: Running[] = []
  try {
    for (const candidate of rivals) running.push(await candidate.start(site))
    await requireParity(running, site)
    const samples: Sample[] = []
    for (const cell of wanted) samples.push(...(await measureCell(cell, running, site, run)))
    return samples
  } finally {
    for (const one of running) await one.stop()
  }
}

async function requireParity(running: readonly Running[], site: Site): Promise<void> {
  let first: readonly string[] | undefined
  for (const one of running) {
    const facts = await observeJob(one, site, [1_024, 65_536])
    first ??= facts
    const different = facts.findIndex((fact, at) => fact !== first?.[at])
    if (different >= 0) throw new Error(`${one.name} does another job:\n${facts[different]}\n${first[different]}`)
  }
}

async function measureCell(cell: Cell, running: readonly Running[], site: Site, run: Run): Promise<Sample[]> {
  const { options, backend } = run
  const samples: Sample[] = []
  for (const one of running) await cell.measure({ running: one, site, backend: backend.pid, seconds: options.warmUp })
  const isEnough = (): boolean =>
    running.every(
      ({ name }) => samples.filter((s) => s.candidate === name && s.discarded === undefined).length >= options.rounds,
    )
  for (let round = 1; round <= options.rounds * mostRounds && !isEnough(); round++) {
    for (const one of shuffle(running)) {
      const measured = await cell.measure({ running: one, site, backend: backend.pid, seconds: options.seconds })
      const busy = measured.usage.neighbours > options.neighbours
      const sample = { cell: cell.id, candidate: one.name, round, ...measured }
      samples.push(busy ? { ...sample, discarded: 'neighbours' } : sample)
      console.error(
        `${cell.id} ${round} ${one.name} ${measured.value.toFixed(2)}${busy ? ` discarded: ${measured.usage.neighbours.toFixed(2)} cores of others` : ''}`,
      )
    }
  }
  return samples
}

await main(readOptions(process.argv.slice(2)))
