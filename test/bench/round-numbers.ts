import type { Sample } from './sample.ts'

/**
 * Samples of a start, numbered on from those of earlier starts: what is of one cell and has one number is held side by
 * side, and that is only fair for what was measured in the same round.
 */
export function numberOn(earlier: readonly Sample[], found: readonly Sample[]): Sample[] {
  return found.map((sample) => ({ ...sample, round: sample.round + lastRound(earlier, sample.cell) }))
}

function lastRound(samples: readonly Sample[], cell: string): number {
  return samples.reduce((last, sample) => (sample.cell === cell ? Math.max(last, sample.round) : last), 0)
}
