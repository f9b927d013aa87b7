import { readdirSync } from 'node:fs'

import type { ProcessFacts } from './facts.ts'

const microseconds = 1_000_000
const milliseconds = 1_000

/** Of this very process. */
export function readProcessFacts(): ProcessFacts {
  const { user, system } = process.cpuUsage()
  const { rss, heapUsed } = process.memoryUsage()
  return {
    cpu: (user + system) / microseconds,
    resident: rss,
    heap: heapUsed,
    descriptors: countDescriptors(),
    started: performance.timeOrigin / milliseconds,
  }
}

function countDescriptors(): number | undefined {
  try {
    return readdirSync('/proc/self/fd').length
  } catch {
    return undefined
  }
}
