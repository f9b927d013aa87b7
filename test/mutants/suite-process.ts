import { run } from 'node:test'

import { outcomeOf, suiteOutcomes } from './suite-outcome.ts'
import type { Failure } from './suite-outcome.ts'

/** Runs the test file that it is given; its exit code tells what became of it. */
const failures: Failure[] = []
for await (const event of run({ files: process.argv.slice(2) }))
  if (event.type === 'test:fail') failures.push(event.data.details)
process.exitCode = suiteOutcomes.indexOf(outcomeOf(failures))
