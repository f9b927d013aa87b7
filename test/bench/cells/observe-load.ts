import type { LoadResult } from '../load-result.ts'
import type { Load, LoadOptions } from '../native-load.ts'
import type { Measurement } from '../sample.ts'
import { observeUsage } from '../usage.ts'
import type { Usage } from '../usage.ts'
import type { Visit } from './cell.ts'
import { requestFileFor } from './request-file.ts'

export type Scheme = 'http' | 'https'

/** Where the load goes: to a proxy over a scheme, with requests of 1 KB unless a cell wants others. */
export function aimAt(
  { running, site }: Pick<Visit, 'running' | 'site'>,
  scheme: Scheme,
): Omit<LoadOptions, 'connections'> {
  const requestFile = requestFileFor(site, 1_024)
  if (scheme === 'http') return { port: running.httpPort, requestFile }
  return { port: running.httpsPort, serverName: site.hosts[0] ?? '', requestFile }
}

/** Runs a load, and says what that cost the proxy. */
export function observeLoad(
  { running, backend, seconds }: Pick<Visit, 'running' | 'backend' | 'seconds'>,
  load: Load,
): Promise<{ readonly result: LoadResult; readonly usage: Usage }> {
  return observeUsage(running.pid, [backend, ...load.pids], () => load.run(seconds))
}

/** Microseconds of CPU for each thing that was asked and answered. */
export async function costUnder(visit: Visit, open: () => Promise<Load>): Promise<Measurement> {
  const { result, usage } = await observeLoad(visit, await visit.keptLoad(open))
  const { requests: count, seconds, failed, p50, p99, p999, longest } = result
  const figures = { perSecond: count / seconds, p50, p99, p999, longest }
  return { usage, count, failed, value: (usage.proxy * 1e6) / count, figures }
}
