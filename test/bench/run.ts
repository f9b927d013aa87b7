import { spawnSync } from 'node:child_process'

import { startBackend } from './backend.ts'
import { candidates } from './candidates/index.ts'
import type { Candidate } from './candidates/index.ts'
import { cells } from './cells/index.ts'
import type { Cell } from './cells/index.ts'
import { compareRecords } from './comparison.ts'
import { estimateAll, planStages } from './estimate.ts'
import type { Stage } from './estimate.ts'
import { goals } from './goals.ts'
import { reasonAgainstNative } from './native-programs.ts'
import { suits } from './need.ts'
import { choose, readOptions, usageText } from './options.ts'
import type { BenchOptions } from './options.ts'
import { loadCore } from './pinned-process.ts'
import { setNiceness } from './priority.ts'
import { addRun, beginRun, holdsCell, openRecord, readRecord, samplesOf, writeRecord } from './record.ts'
import type { BenchRecord } from './record.ts'
import { numberOn } from './round-numbers.ts'
import type { Sample } from './sample.ts'
import { runStage } from './stage.ts'
import { printComparison, printGoals, printResults } from './table.ts'
import { reasonAgainstWrk } from './wrk.ts'
import { startYardstick } from './yardstick.ts'

/** Lintel against others: see docs/bench/README.md for the method. */
async function main(options: BenchOptions): Promise<void> {
  if (options.help) return void process.stdout.write(usageText)
  const rivals = choose(candidates, ({ name }) => name, options.candidates).filter(isHere)
  const before = openRecord()
  const wanted = choose(cells, ({ id }) => id, options.cells)
    .filter(canBeLoaded)
    .filter((cell) => !options.add || !isHeld(cell, before, rivals, options))
  setNiceness(options.nice)
  spawnSync('taskset', ['-a', '-c', '-p', loadCore, String(process.pid)])
  const stages = planStages(wanted)
  const record = await measure(Array.from({ length: options.starts }, () => stages).flat(), rivals, { options, before })
  console.log(printGoals(samplesOf(record), goals))
  if (options.against !== undefined) tellChanges(readRecord(options.against), record)
}

/** What is worse for sure is the run's failure: by that, it judges a change. */
function tellChanges(before: BenchRecord, now: BenchRecord): void {
  const comparisons = compareRecords(samplesOf(before), samplesOf(now), goals)
  console.log(`\nagainst ${before.commit}\n${printComparison(comparisons)}`)
  if (comparisons.some(({ change }) => change === 'worse')) process.exitCode = 1
}

function isHere({ name, missing }: Candidate): boolean {
  const reason = missing()
  if (reason !== undefined) console.error(`${name} is left out: ${reason}`)
  return reason === undefined
}

function canBeLoaded({ id, nativeLoad }: Cell): boolean {
  const reason =
    reasonAgainstNative() === undefined ? undefined : nativeLoad ? reasonAgainstNative() : reasonAgainstWrk()
  if (reason !== undefined) console.error(`${id} is left out: ${reason}`)
  return reason === undefined
}

function isHeld(cell: Cell, record: BenchRecord, rivals: readonly Candidate[], options: BenchOptions): boolean {
  const names = rivals.filter((candidate) => suits(candidate, cell)).map(({ name }) => name)
  return holdsCell(record, cell.id, names, options.rounds * options.starts)
}

/** Runs all stages; what is wanted of the record is written after each round, so that a run that is cut leaves its samples. */
async function measure(
  stages: readonly Stage[],
  rivals: readonly Candidate[],
  { options, before }: { readonly options: BenchOptions; readonly before: BenchRecord },
): Promise<BenchRecord> {
  const versions = Object.fromEntries(rivals.map(({ name, version }) => [name, version()]))
  const run = beginRun(options, versions)
  const samples: Sample[] = []
  const recordSoFar = (): BenchRecord => addRun(options.write ? before : { ...before, runs: [] }, { ...run, samples })
  const end = performance.now() + options.minutes * 60_000
  console.error(`about ${Math.ceil(estimateAll(stages, rivals, options) / 60)} minutes, if no sample is thrown away`)
  const backend = await startBackend()
  const yardstick = startYardstick()
  try {
    for (const [at, stage] of stages.entries()) {
      const earlier = [...samples]
      await runStage(stage, {
        backend,
        candidates: rivals,
        options,
        yardstick,
        spare: () => (end - performance.now()) / 1_000 - estimateAll(stages.slice(at + 1), rivals, options),
        onRound: (found) => {
          const round = numberOn(earlier, found)
          round.forEach(tell)
          samples.push(...round)
          if (options.write) writeRecord(recordSoFar())
        },
        onCell: (cell) => console.log(printResults(samples, cell)),
        onFault: warn,
      })
    }
  } finally {
    await yardstick?.stop()
    await backend.stop()
  }
  return recordSoFar()
}

/** A run takes half an hour: what goes wrong costs only itself, and the exit code. */
function warn(what: string, error: unknown): void {
  console.error(`${what}: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
}

function tell({ cell, round, candidate, value, failed, discarded }: Sample): void {
  const failures = failed === 0 ? '' : `, ${failed} failed`
  const thrown = discarded === undefined ? '' : `, thrown away: ${discarded}`
  console.error(`${cell} round ${round} ${candidate} ${value.toFixed(2)}${failures}${thrown}`)
}

await main(readOptions(process.argv.slice(2)))
