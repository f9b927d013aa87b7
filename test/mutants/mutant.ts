import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A fault that somebody might make, and the tests that have to notice it. */
export interface Mutant {
  readonly file: string
  /** Stands exactly once in the file. */
  readonly find: string
  readonly replace: string
  readonly why: string
  /** Test files, the fast ones first. */
  readonly suites: readonly string[]
}

/** The file with the fault in it; undefined if the text does not stand in it exactly once. */
export function applyMutant(root: string, { file, find, replace }: Mutant): string | undefined {
  const text = readFileSync(join(root, file), 'utf8')
  const [before, after, ...more] = text.split(find)
  return before === undefined || after === undefined || more.length > 0 ? undefined : before + replace + after
}

type Row = readonly [find: string, replace: string, why: string]

/** Faults of one file, which the same tests have to notice. */
export function inFile(file: string, suites: readonly string[], rows: readonly Row[]): Mutant[] {
  return rows.map(([find, replace, why]) => ({ file, find, replace, why, suites }))
}
