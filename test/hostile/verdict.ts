import type { Arrival } from './arrival.ts'
import type { Outcome } from './campaign.ts'
import { dangersOf } from './dangers.ts'
import { afterPath } from './hostile-case.ts'
import { probePath } from './play.ts'

/**
 * What became of a case, however it was cut. *Passed*: requests arrived upstream, each with one reading only. *Refused*:
 * none did, and the client was told or cut. *Unanswered*: none did, and the client waited in vain, or nobody took its
 * connection. *Dangerous*: something arrived that has more readings than one, or that the client did not send, or that a
 * back end would wrongly believe.
 */
export type Verdict = (typeof verdicts)[number]

export const verdicts = ['passed', 'refused', 'unanswered', 'dangerous'] as const

export interface Judged {
  readonly verdict: Verdict
  readonly dangers: readonly string[]
}

/** Of the plays of one case: the worst counts. */
export function judge(plays: readonly Outcome[]): Judged {
  const dangers = [...new Set(plays.flatMap(({ one, from, arrivals }) => dangersOf(one, from, arrivals)))]
  if (dangers.length > 0) return { verdict: 'dangerous', dangers }
  if (!plays.every((one) => arrived(one) || toldOrCut(one))) return { verdict: 'unanswered', dangers }
  return { verdict: plays.some(arrived) ? 'passed' : 'refused', dangers }
}

/** The requests that follow, by which the connection is tried, say nothing about the case itself. */
function arrived({ arrivals }: Outcome): boolean {
  return arrivals.some((arrival) => !isFollower(arrival))
}

/** Nor do the answers to them. */
function toldOrCut({ arrivals, played: { statuses, connected, ended } }: Outcome): boolean {
  const followers = arrivals.filter(isFollower).length
  return statuses.length > followers || (connected && ended && followers === 0)
}

function isFollower({ request }: Arrival): boolean {
  return request?.target === probePath || request?.target === afterPath
}
