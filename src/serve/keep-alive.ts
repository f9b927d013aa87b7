/** How long a connection is kept, in milliseconds, whose upstream announces nothing. */
export const defaultKeepAlive = 4_000
/** However long an upstream announces that it keeps a connection: one that is not used holds a descriptor for nothing. */
const longestKeepAlive = 600_000

/** What was announced, in seconds, less one for what is on its way when the peer closes. */
export function keepAliveOf(announced: number | undefined): number {
  if (announced === undefined) return defaultKeepAlive
  return Math.min(Math.max(0, announced * 1_000 - 1_000), longestKeepAlive)
}
