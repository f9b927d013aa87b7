import { longest } from '../failure/exercises/findings.ts'
import type { Findings } from '../failure/exercises/findings.ts'

/**
 * Milliseconds by which a loaded machine may be late anywhere. Whoever renews a deadline with each octet is later by far: what
 * trickles here goes on for twice as long.
 */
export const mostLate = 20_000
/** By which one may be late in a soak: two sweeps of deadlines, which are half a second apart at most, and a second. */
export const mostLateInSoak = 2_000
/** By which the clock of the worker may be behind ours. */
const clockStep = 20

/**
 * Connections that had to end at their deadline, in ms after they came: none stayed longer, and none was ended early.
 * `seenLate`: by how much later the deadline itself may be seen to have passed.
 */
export function judgeLifetimes(
  what: string,
  lifetimes: readonly number[],
  deadline: number,
  seenLate: number = 0,
): Findings {
  const early = lifetimes.filter((time) => time < deadline - clockStep)
  const late = lifetimes.filter((time) => time > deadline + seenLate + mostLate)
  return {
    figures: [
      longest(
        `the longest for ${what}, whose deadline is ${deadline}`,
        lifetimes,
        deadline + seenLate + mostLateInSoak,
      ),
    ],
    faults: [
      ...early.slice(0, 1).map((time) => `${what}: ${early.length} ended early, such as after ${Math.round(time)} ms`),
      ...late.slice(0, 1).map((time) => `${what}: ${late.length} ended late, such as after ${Math.round(time)} ms`),
    ],
  }
}
