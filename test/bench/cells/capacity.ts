import type { Running } from '../candidates/index.ts'
import { runLoad } from '../native-load.ts'
import type { Site } from '../site.ts'
import { aimAt } from './observe-load.ts'
import type { Scheme } from './observe-load.ts'

const seconds = 2
const known = new WeakMap<Running, Map<Scheme, number>>()

/** Requests a second that a proxy takes at most, of 1 KB over 64 connections; measured once. */
export async function capacityOf(running: Running, site: Site, scheme: Scheme): Promise<number> {
  const ofRunning = known.get(running) ?? new Map<Scheme, number>()
  known.set(running, ofRunning)
  const before = ofRunning.get(scheme)
  if (before !== undefined) return before
  const load = { ...aimAt({ running, site }, scheme), mode: 'keep', connections: 64 } as const
  await runLoad(load, seconds) // nobody is at his best before that
  const result = await runLoad(load, seconds)
  const perSecond = result.requests / result.seconds
  ofRunning.set(scheme, perSecond)
  return perSecond
}
