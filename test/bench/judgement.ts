import type { Goal } from './goals.ts'
import type { Sample } from './sample.ts'
import { ratios, summarize } from './statistics.ts'
import type { Summary } from './statistics.ts'

export type Verdict = 'goal reached' | 'met' | 'missed' | 'not measured'

export interface Judgement {
  readonly goal: Goal
  readonly found: Summary
  readonly verdict: Verdict
}

/** Samples that count. */
export function kept(samples: readonly Sample[]): Sample[] {
  return samples.filter(({ discarded }) => discarded === undefined)
}

/** Holds Lintel's samples to a goal: by the median, but for failures, of which none is too few. */
export function judge(samples: readonly Sample[], goal: Goal): Judgement {
  const own = kept(samples).filter(({ cell }) => cell === goal.cell)
  const found = summarize(valuesFor(own, goal))
  return { goal, found, verdict: verdictOf(goal, countsWorst(goal) ? found.most : found.median) }
}

function valuesFor(samples: readonly Sample[], { of }: Goal): number[] {
  if ('ratioTo' in of) return ratios(samples, 'lintel', of.ratioTo)
  return samples
    .filter(({ candidate }) => candidate === 'lintel')
    .flatMap((sample) => figureOf(sample, of.figure) ?? [])
}

/** A figure by name: of the sample itself, or one of those that the cell added. */
export function figureOf(sample: Sample, name: string): number | undefined {
  if (name === 'value' || name === 'failed' || name === 'count') return sample[name]
  return sample.figures[name]
}

/** Of failures and the longest turn one is too many, whatever the others are. */
export function countsWorst({ of }: Goal): boolean {
  return 'figure' in of && (of.figure === 'failed' || of.figure === 'longestTurn')
}

function verdictOf({ must, goal }: Goal, value: number): Verdict {
  if (Number.isNaN(value)) return 'not measured'
  if (value > must) return 'missed'
  return goal !== undefined && value <= goal ? 'goal reached' : 'met'
}
