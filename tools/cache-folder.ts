import { homedir } from 'node:os'
import { join } from 'node:path'

/** What is built once for a machine and not for a checkout: programs that tests and the bench run. */
export function cacheFolder(...parts: readonly string[]): string {
  const { XDG_CACHE_HOME: given } = process.env
  return join(given === undefined || given === '' ? join(homedir(), '.cache') : given, 'lintel', ...parts)
}
