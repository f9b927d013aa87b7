import type { Goal } from './goals.ts'
import { countsWorst, judge } from './judgement.ts'
import type { Sample } from './sample.ts'
import type { Summary } from './statistics.ts'

export type Change = 'better' | 'alike' | 'worse' | 'not measured'

/** What became of a goal's figure from one record to another. */
export interface Comparison {
  readonly goal: Goal
  readonly before: Summary
  readonly now: Summary
  readonly change: Change
}

/** Ratios of two records can be compared where their times cannot: each is to another program in the same minute. */
export function compareRecords(
  before: readonly Sample[],
  now: readonly Sample[],
  goals: readonly Goal[],
): readonly Comparison[] {
  return goals
    .filter((goal) => !countsWorst(goal))
    .map((goal) => {
      const [earlier, later] = [judge(before, goal).found, judge(now, goal).found]
      return { goal, before: earlier, now: later, change: changeOf(earlier, later) }
    })
}

/** Only what lies outside of all that the other may be is a change: most of what differs is the machine. */
function changeOf(before: Summary, now: Summary): Change {
  if (before.count === 0 || now.count === 0) return 'not measured'
  if (now.interval[0] > before.interval[1]) return 'worse'
  return now.interval[1] < before.interval[0] ? 'better' : 'alike'
}
