import { spawnSync } from 'node:child_process'

import { startBackend } from './backend.ts'
import type { Backend } from './backend.ts'
import { candidates } from './candidates/index.ts'
import type { Candidate, Running } from './candidates/index.ts'
import { cells } from './cells/index.ts'
import type { Cell } from './cells/index.ts'
import { goals } from './goals.ts'
import { choose, readOptions, usageText } from './options.ts'
import type { BenchOptions } from './options.ts'
import { requireSameJob } from './parity.ts'
import { loadCore } from './pinned-process.ts'
import { setNiceness } from './priority.ts'
import { makeRecord, writeRecord } from './record.ts'
import { runRounds } from './rounds.ts'
import type { Sample } from './sample.ts'
import { makeSite } from './site.ts'
import { printGoals, printResults } from './table.ts'

/** Lintel against others: see docs/bench/README.md for the method. */
async function main(options: BenchOptions): Promise<void> {
  if (options.help) return void process.stdout.write(usageText)
  const wanted = choose(cells, ({ id }) => id, options.cells)
  const rivals = choose(candidates, ({ name }) => name, options.candidates).filter(isHere)
  setNiceness(options.nice)
  spawnSync('taskset', ['-a', '-c', '-p', loadCore, String(process.pid)])
  const samples = await measure(wanted, rivals, options)
  console.log(`${printResults(samples, wanted)}\n${printGoals(samples, goals)}`)
  if (!options.write) return
  const versions = Object.fromEntries(rivals.map(({ name, version }) => [name, version()]))
  console.log(`raw samples: ${writeRecord(makeRecord(options, versions, samples))}`)
}

function isHere({ name, missing }: Candidate): boolean {
  const reason = missing()
  if (reason !== undefined) console.error(`${name} is left out: ${reason}`)
  return reason === undefined
}

/** Cells that want the same site are measured on the same processes, one cell after another. */
async function measure(
  wanted: readonly Cell[],
  rivals: readonly Candidate[],
  options: BenchOptions,
): Promise<Sample[]> {
  const backend = await startBackend()
  const samples: Sample[] = []
  try {
    for (const some of Map.groupBy(wanted, ({ site }) => JSON.stringify(site)).values())
      samples.push(...(await measureOnOneSite(some, rivals, { backend, options })))
  } finally {
    await backend.stop()
  }
  return samples
}

async function measureOnOneSite(
  wanted: readonly Cell[],
  rivals: readonly Candidate[],
  { backend, options }: { readonly backend: Backend; readonly options: BenchOptions },
): Promise<Sample[]> {
  const site = await makeSite(wanted[0]?.site ?? { hosts: 1 }, backend.port)
  const running: Running[] = []
  const samples: Sample[] = []
  const needed = rivals.filter(({ name }) => wanted.some(({ only }) => only?.(name) ?? true))
  try {
    for (const candidate of needed) running.push(await candidate.start(site))
    await requireSameJob(running, site)
    const field = { site, backend, candidates: needed, running, options }
    for (const cell of wanted) samples.push(...(await runRounds(cell, field, tell).catch(leaveOut(cell))))
  } finally {
    for (const one of running) await one.stop()
    site.remove()
  }
  return samples
}

/** What goes wrong in one cell costs only that cell: a run takes half an hour. */
function leaveOut({ id }: Cell): (error: unknown) => [] {
  return (error) => {
    console.error(`${id} is left out: ${String(error)}`)
    process.exitCode = 1
    return []
  }
}

function tell({ cell, round, candidate, value, discarded }: Sample): void {
  const thrown = discarded === undefined ? '' : ` thrown away: ${discarded}`
  console.error(`${cell} round ${round} ${candidate} ${value.toFixed(2)}${thrown}`)
}

await main(readOptions(process.argv.slice(2)))
