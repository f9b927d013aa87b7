import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { setPriority } from 'node:os'

const session = '/proc/self/autogroup'

/**
 * Sets the priority of this process and of all that it will start. Where the kernel shares cores out to sessions, that
 * counts only among those of one session: then the session is given the priority too, until the bench ends.
 */
export function setNiceness(nice: number): void {
  if (nice === 0) return
  setPriority(nice)
  if (!existsSync(session)) return
  const before = /nice (-?\d+)/.exec(readFileSync(session, 'latin1'))?.[1] ?? '0'
  writeFileSync(session, String(nice))
  process.on('exit', () => writeFileSync(session, before))
}
