import type { Clock } from '../base/index.ts'

/** The time as IMF-fixdate (RFC 9110 5.6.7), worked out once a second. */
export function createHttpDate(clock: Clock): () => string {
  let second = -1
  let text = ''
  return () => {
    const wall = clock.wall()
    const now = Math.floor(wall / 1_000)
    if (now !== second) {
      second = now
      text = new Date(wall).toUTCString()
    }
    return text
  }
}
