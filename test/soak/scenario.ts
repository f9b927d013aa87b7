import type { Course, Findings } from '../failure/exercises/findings.ts'

/** Something that goes on for long: a name for `--only`, what it shows, and the exercise. */
export interface Scenario {
  readonly name: string
  readonly shows: string
  readonly run: (course: Course) => Promise<Findings>
}
