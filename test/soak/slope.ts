export interface Sample {
  /** Milliseconds. */
  readonly at: number
  readonly value: number
}

const hour = 3_600_000

/** By how much the values rise in an hour: the slope of the line of least squares. */
export function risePerHour(samples: readonly Sample[]): number {
  const middle = mean(samples.map(({ at }) => at))
  const level = mean(samples.map(({ value }) => value))
  const spread = samples.reduce((sum, { at }) => sum + (at - middle) ** 2, 0)
  const joint = samples.reduce((sum, { at, value }) => sum + (at - middle) * (value - level), 0)
  return spread === 0 ? 0 : (joint / spread) * hour
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
}
