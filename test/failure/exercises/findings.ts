/** A figure of a run. More than `most` or less than `least` is a fault in a soak; a test only prints it. */
export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly most?: number
  readonly least?: number
}

/** What an exercise found out. */
export interface Findings {
  readonly figures: readonly Figure[]
  /** What must never be. */
  readonly faults: readonly string[]
}

/** What an exercise is given: who cleans up after it, and for how long it goes on. */
export interface Course {
  readonly after: (cleanup: () => unknown) => void
  /** Whether another round is due; rounds count from 0. */
  readonly goesOn: (round: number) => boolean
}

export function printFigure({ name, value, unit, most, least }: Figure): string {
  const number = Number.isInteger(value) ? String(value) : value.toFixed(1)
  const limit = most === undefined ? '' : ` (at most ${most})`
  return `${name}: ${number} ${unit}${limit}${least === undefined ? '' : ` (at least ${least})`}`.trim()
}

/** All of them as those of one exercise. */
export function combine(all: readonly Findings[]): Findings {
  return { figures: all.flatMap(({ figures }) => figures), faults: all.flatMap(({ faults }) => faults) }
}

/** A course of so many rounds. */
export function times(count: number): Course['goesOn'] {
  return (round) => round < count
}

/** The longest of some times. */
export function longest(name: string, milliseconds: readonly number[], most?: number): Figure {
  return { name, value: Math.round(Math.max(0, ...milliseconds)), unit: 'ms', ...(most !== undefined && { most }) }
}
