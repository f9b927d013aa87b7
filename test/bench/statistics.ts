/** What many samples say: their middle, and how far apart the outer quarters are. */
export interface Summary {
  readonly count: number
  readonly median: number
  readonly least: number
  readonly most: number
  /** Between the first and the third quartile. */
  readonly spread: number
  /** Where the median of many more lies, nine times in ten. */
  readonly interval: readonly [low: number, high: number]
}

/** Of the normal distribution, for nine in ten; a value lies below the median as often as a coin falls heads. */
const deviations = 1.645 / 2

/** The value below which the share `at` (0 to 1) of the sorted values lies, between two of them by distance. */
export function quantile(sorted: readonly number[], at: number): number {
  const position = (sorted.length - 1) * at
  const [low = Number.NaN, high = low] = [sorted[Math.floor(position)], sorted[Math.ceil(position)]]
  return low + (high - low) * (position - Math.floor(position))
}

export function summarize(values: readonly number[]): Summary {
  const sorted = values.toSorted((a, b) => a - b)
  return {
    count: sorted.length,
    median: quantile(sorted, 0.5),
    least: quantile(sorted, 0),
    most: quantile(sorted, 1),
    spread: quantile(sorted, 0.75) - quantile(sorted, 0.25),
    interval: intervalOf(sorted),
  }
}

/** By rank, which asks nothing of how the values are distributed. Few values say little: all of them lie in it then. */
function intervalOf(sorted: readonly number[]): [low: number, high: number] {
  const middle = sorted.length / 2
  const reach = deviations * Math.sqrt(sorted.length)
  const low = sorted[Math.max(0, Math.floor(middle - reach))]
  const high = sorted[Math.min(sorted.length, Math.ceil(middle + reach)) - 1]
  return [low ?? Number.NaN, high ?? Number.NaN]
}

/** One figure of one candidate in one round. */
export interface Figure {
  readonly candidate: string
  readonly round: number
  readonly value: number
}

/**
 * The ratio of a candidate to another, round by round: what the machine does to a whole round falls out. A round in
 * which either has no sample gives none.
 */
export function ratios(figures: readonly Figure[], candidate: string, reference: string): number[] {
  const valueOf = (name: string, round: number): number | undefined =>
    figures.find((figure) => figure.candidate === name && figure.round === round)?.value
  const rounds = [...new Set(figures.map(({ round }) => round))]
  return rounds.flatMap((round) => {
    const [above, below] = [valueOf(candidate, round), valueOf(reference, round)]
    return above === undefined || below === undefined ? [] : [above / below]
  })
}

/** A new order each time, every order as likely as the others (Fisher and Yates). */
export function shuffle<T>(items: readonly T[], random: () => number = Math.random): T[] {
  const shuffled = [...items]
  for (let last = shuffled.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1))
    const [a, b] = [shuffled[last], shuffled[other]] as [T, T]
    shuffled[last] = b
    shuffled[other] = a
  }
  return shuffled
}
