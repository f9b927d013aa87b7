import type { Course, Findings } from '../failure/exercises/findings.ts'

/** Something that goes on for long: a name for `--only`, what it shows, and the exercise. */
export interface Scenario {
  readonly name: string
  readonly shows: string
  /** For how long it goes on where nothing is said, if not for as long as the others. */
  readonly minutes?: number
  /** Runs in namespaces of its own, where a cluster can be. */
  readonly inNamespace?: boolean
  readonly run: (course: Course) => Promise<Findings>
}
