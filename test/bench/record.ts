import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, release } from 'node:os'
import { join } from 'node:path'

import type { BenchOptions } from './options.ts'
import type { Sample } from './sample.ts'

/** A run with all that is needed to read it later. */
export interface BenchRecord {
  readonly commit: string
  /** Whether the tree held changes that the commit does not. */
  readonly changed: boolean
  readonly time: string
  readonly machine: { readonly kernel: string; readonly processor: string; readonly cores: number }
  readonly versions: Readonly<Record<string, string>>
  readonly options: BenchOptions
  readonly samples: readonly Sample[]
}

export const recordFolder: string = join(import.meta.dirname, '../../docs/bench')

export function makeRecord(
  options: BenchOptions,
  versions: Readonly<Record<string, string>>,
  samples: readonly Sample[],
): BenchRecord {
  return {
    commit: git('rev-parse', '--short=12', 'HEAD'),
    changed: git('status', '--porcelain', '--untracked-files=no') !== '',
    time: new Date().toISOString(),
    machine: { kernel: release(), processor: cpus()[0]?.model ?? '', cores: cpus().length },
    versions,
    options,
    samples,
  }
}

function git(...args: readonly string[]): string {
  return execFileSync('git', args, { encoding: 'utf8' }).trim()
}

/** Writes docs/bench/COMMIT.json, a sample a line; returns its path. */
export function writeRecord(record: BenchRecord): string {
  mkdirSync(recordFolder, { recursive: true })
  const path = join(recordFolder, `${record.commit}.json`)
  const { samples, ...head } = record
  const lines = samples.map((sample) => `    ${JSON.stringify(sample)}`).join(',\n')
  writeFileSync(path, `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "samples": [\n${lines}\n  ]\n}\n`)
  return path
}
