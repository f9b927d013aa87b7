import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { cpus, release } from 'node:os'
import { join } from 'node:path'

import { kept } from './judgement.ts'
import type { BenchOptions } from './options.ts'
import type { Sample } from './sample.ts'

/** One run of the bench with all that is needed to read it later. */
export interface BenchRun {
  readonly time: string
  readonly machine: { readonly kernel: string; readonly processor: string; readonly cores: number }
  readonly versions: Readonly<Record<string, string>>
  readonly options: BenchOptions
  readonly samples: readonly Sample[]
}

/** What was measured of a commit. All samples of a cell are of one run, in which its candidates took turns. */
export interface BenchRecord {
  readonly commit: string
  /** Whether what was measured, or what measured it, held changes that the commit does not. */
  readonly changed: boolean
  readonly runs: readonly BenchRun[]
}

const root = join(import.meta.dirname, '../..')
export const recordFolder: string = join(root, 'docs/bench')

/** The record of the checkout: what was measured of the same commit before, unless the tree is changed. */
export function openRecord(): BenchRecord {
  const commit = git('rev-parse', '--short=12', 'HEAD')
  const changed = git('status', '--porcelain', '--', 'bin', 'src', 'test', 'package-lock.json') !== ''
  const path = pathOf({ commit, changed })
  return changed || !existsSync(path) ? { commit, changed, runs: [] } : readRecord(path)
}

export function readRecord(path: string): BenchRecord {
  return JSON.parse(readFileSync(path, 'utf8')) as BenchRecord
}

export function beginRun(options: BenchOptions, versions: Readonly<Record<string, string>>): BenchRun {
  const machine = { kernel: release(), processor: cpus()[0]?.model ?? '', cores: cpus().length }
  return { time: new Date().toISOString(), machine, versions, options, samples: [] }
}

export function samplesOf({ runs }: Pick<BenchRecord, 'runs'>): Sample[] {
  return runs.flatMap(({ samples }) => samples)
}

/** With this run as the last. A cell that it has measured anew is its own: what earlier runs say of that is dropped. */
export function addRun(record: BenchRecord, run: BenchRun): BenchRecord {
  const measured = new Set(run.samples.map(({ cell }) => cell))
  const earlier = record.runs
    .map((one) => ({ ...one, samples: one.samples.filter(({ cell }) => !measured.has(cell)) }))
    .filter(({ samples }) => samples.length > 0)
  return { ...record, runs: run.samples.length === 0 ? earlier : [...earlier, run] }
}

/** Whether all of these have enough samples of a cell that count. */
export function holdsCell(record: BenchRecord, cell: string, candidates: readonly string[], rounds: number): boolean {
  const counted = kept(samplesOf(record)).filter((sample) => sample.cell === cell)
  return candidates.every((name) => counted.filter(({ candidate }) => candidate === name).length >= rounds)
}

/** Writes docs/bench/COMMIT.json, a sample a line, whole or not at all; returns its path. */
export function writeRecord({ runs, ...head }: BenchRecord): string {
  mkdirSync(recordFolder, { recursive: true })
  const path = pathOf(head)
  const body = `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "runs": [\n${runs.map(printRun).join(',\n')}\n  ]\n}\n`
  writeFileSync(`${path}.new`, body)
  renameSync(`${path}.new`, path)
  return path
}

function printRun({ samples, ...head }: BenchRun): string {
  const lines = samples.map((sample) => `        ${JSON.stringify(sample)}`).join(',\n')
  const fields = Object.entries(head).map(([name, value]) => `      "${name}": ${JSON.stringify(value)},\n`)
  return `    {\n${fields.join('')}      "samples": [\n${lines}\n      ]\n    }`
}

function pathOf({ commit, changed }: Pick<BenchRecord, 'commit' | 'changed'>): string {
  return join(recordFolder, `${commit}${changed ? '-changed' : ''}.json`)
}

function git(...args: readonly string[]): string {
  return execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim()
}
