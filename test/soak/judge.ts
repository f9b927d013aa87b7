import { printFigure } from '../failure/exercises/findings.ts'
import type { Figure, Findings } from '../failure/exercises/findings.ts'

export interface Judged {
  readonly faults: readonly string[]
  /** What there was too little of, where there was too little time for it. */
  readonly lacks: readonly string[]
}

/** Whoever gives a scenario less time than it needs gets less than it is to show: that is said, and is no fault. */
export function judge({ figures, faults }: Findings, isShort: boolean): Judged {
  const much = figures.filter(({ value, most = Infinity }) => value > most)
  const little = figures.filter(({ value, least = -Infinity }) => value < least)
  const lacks = printAll('too little', little)
  const found = [...faults, ...printAll('too much', much)]
  return isShort ? { faults: found, lacks } : { faults: [...found, ...lacks], lacks: [] }
}

function printAll(what: string, figures: readonly Figure[]): string[] {
  return figures.map((figure) => `${what}: ${printFigure(figure)}`)
}
