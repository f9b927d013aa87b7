import type { Findings } from '../failure/exercises/findings.ts'
import type { MemoryUse } from './worker-memory.ts'

const kibibyte = 1024
/** KiB that a hostile connection may pin: objects and buffers of the process. What waits in the kernel is the kernel's to bound. */
const mostPinned = 256
/**
 * KiB that may be resident, which includes what OpenSSL allocates, and what is kept free for later: so much once, and for
 * each connection. Measured over TLS with 40 and with 160 that stall: about 20 MiB once, and 260 to 360 KiB each.
 */
const mostResidentOnce = 48 * 1024
const mostResident = 512

interface Growth {
  readonly before: MemoryUse
  readonly beside: MemoryUse
  readonly connections: number
}

/**
 * Whether each of so many connections pins little. What is resident is judged in a soak alone, where there are many: garbage
 * that was there for a moment is in it.
 */
export function judgeMemory(what: string, { before, beside, connections }: Growth): Findings {
  const each = (octets: number): number => Math.round(octets / kibibyte / connections)
  const used = each(beside.used - before.used)
  return {
    figures: [
      { name: `pinned by ${what}`, value: used, unit: 'KiB', most: mostPinned },
      {
        name: '  resident',
        value: each(beside.resident - before.resident),
        unit: 'KiB',
        most: mostResidentOf(connections),
      },
    ],
    faults: used > mostPinned ? [`${what} pins ${used} KiB, of which ${mostPinned} are allowed`] : [],
  }
}

function mostResidentOf(connections: number): number {
  return mostResident + Math.floor(mostResidentOnce / connections)
}
