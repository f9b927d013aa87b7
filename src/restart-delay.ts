/** A process that dies again and again is started again ever later; one that had got as far as serving, soon at the latest. */
const longestDelay = 10_000
const longestDelayAfterServing = 250
/** After so long without a death all is forgotten. */
const goodLife = 5_000

/** How often a process has died in a row, now that it has once more, `failures` times before. */
export function countFailures(failures: number, lifetime: number): number {
  return lifetime > goodLife ? 0 : failures + 1
}

/** Milliseconds until a process is started again that has died so often. */
export function restartDelay(failures: number, hadServed: boolean): number {
  return failures < 3 ? 0 : Math.min(hadServed ? longestDelayAfterServing : longestDelay, 25 * 2 ** failures)
}
