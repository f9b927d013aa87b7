import type { Running } from '../candidates/index.ts'
import type { Site } from '../site.ts'
import { runWrk } from '../wrk.ts'
import { requestFileFor } from './request-file.ts'

const seconds = 2
const known = new WeakMap<Running, Map<string, number>>()

/** Requests a second that a proxy takes at most, of 1 KB over 64 connections; measured once. */
export async function capacityOf(running: Running, site: Site, scheme: 'http' | 'https'): Promise<number> {
  const ofRunning = known.get(running) ?? new Map<string, number>()
  known.set(running, ofRunning)
  const before = ofRunning.get(scheme)
  if (before !== undefined) return before
  const port = scheme === 'http' ? running.httpPort : running.httpsPort
  const files = { requestFile: requestFileFor(site, 1_024), tlsFile: site.files.tlsSettings }
  const result = await runWrk({ scheme, port, connections: 64, seconds, ...files })
  const perSecond = result.requests / result.seconds
  ofRunning.set(scheme, perSecond)
  return perSecond
}
