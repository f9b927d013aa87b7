import type { Facts } from './facts.ts'

export interface Sample {
  /** One for each label of the metric. */
  readonly labels: readonly string[]
  readonly value: number
}

/** A family of the exposition, and how its samples follow from what is known. docs/metrics.md is made of these. */
export interface Metric {
  readonly name: string
  readonly type: 'counter' | 'gauge'
  readonly help: string
  readonly labels: readonly string[]
  readonly samples: (facts: Facts) => readonly Sample[]
}

/** A metric without labels; undefined: it has no sample. */
export function single(
  head: Pick<Metric, 'name' | 'type' | 'help'>,
  value: (facts: Facts) => number | undefined,
): Metric {
  const samples = (facts: Facts): Sample[] => {
    const known = value(facts)
    return known === undefined ? [] : [{ labels: [], value: known }]
  }
  return { ...head, labels: [], samples }
}
