import type { LoadResult } from '../load-result.ts'
import type { LoadOptions, PreparedLoad } from '../native-load.ts'
import type { Measurement } from '../sample.ts'
import { observeUsage } from '../usage.ts'
import type { Usage } from '../usage.ts'
import type { Visit } from './cell.ts'
import { requestFileFor } from './request-file.ts'

export type Scheme = 'http' | 'https'

/** Where the load goes: to a proxy over a scheme, with requests of 1 KB unless a cell wants others. */
export function aimAt(
  { running, site, seconds }: Pick<Visit, 'running' | 'site' | 'seconds'>,
  scheme: Scheme,
): Omit<LoadOptions, 'connections'> {
  const requestFile = requestFileFor(site, 1_024)
  if (scheme === 'http') return { port: running.httpPort, seconds, requestFile }
  return { port: running.httpsPort, serverName: site.hosts[0] ?? '', seconds, requestFile }
}

/** Runs a load, and says what that cost the proxy. */
export function observeLoad(
  { running, backend }: Visit,
  load: PreparedLoad,
): Promise<{ readonly result: LoadResult; readonly usage: Usage }> {
  return observeUsage(running.pid, [backend, ...load.pids], load.run)
}

/** Microseconds of CPU for each thing that was asked and answered. */
export async function costUnder(visit: Visit, load: PreparedLoad): Promise<Measurement> {
  const { result, usage } = await observeLoad(visit, load)
  const { requests: count, seconds, failed, p50, p99, p999, longest } = result
  const figures = { perSecond: count / seconds, p50, p99, p999, longest }
  return { usage, count, failed, value: (usage.proxy * 1e6) / count, figures }
}
