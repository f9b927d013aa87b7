/** What became of a test file, in the order of the exit codes of `suite-process.ts`. */
export const suiteOutcomes = ['passed', 'failed', 'timed out', 'crashed'] as const
export type SuiteOutcome = (typeof suiteOutcomes)[number]

/** Of an event `test:fail`: a suite or a test, and its error, which has the exit code where a whole file is meant. */
export interface Failure {
  readonly type?: string | undefined
  readonly error: { readonly failureType?: unknown; readonly exitCode?: unknown }
}

const ofTests: ReadonlySet<unknown> = new Set(['testCodeFailure', 'uncaughtException', 'multipleUncaughtExceptions'])

/**
 * Only a test that fails has noticed something. One that took too long may have been waiting for a busy machine, and a file
 * that does not load, or dies, says nothing of what it tests.
 */
export function outcomeOf(failures: readonly Failure[]): SuiteOutcome {
  if (failures.length === 0) return 'passed'
  if (failures.some(isOfTest)) return 'failed'
  return failures.some(({ error }) => error.failureType === 'testTimeoutFailure') ? 'timed out' : 'crashed'
}

function isOfTest({ type, error }: Failure): boolean {
  return type === 'test' && !('exitCode' in error) && ofTests.has(error.failureType)
}
