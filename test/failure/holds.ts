import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { printFigure } from './exercises/findings.ts'
import type { Course, Findings } from './exercises/findings.ts'

/** An exercise as a test: its figures are printed, and only what must never be fails it. */
export async function holds(
  t: TestContext,
  exercise: (course: Course) => Promise<Findings>,
  goesOn: Course['goesOn'],
): Promise<void> {
  const { figures, faults } = await exercise({ after: (cleanup) => t.after(cleanup), goesOn })
  for (const figure of figures) t.diagnostic(printFigure(figure))
  assert.deepEqual(faults, [])
}
