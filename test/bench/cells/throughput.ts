import type { LoadResult } from '../load-result.ts'
import type { Measurement } from '../sample.ts'
import type { SiteShape } from '../site.ts'
import { observeUsage } from '../usage.ts'
import type { Usage } from '../usage.ts'
import { runWrk } from '../wrk.ts'
import { smallSite } from './cell.ts'
import type { Cell, Visit } from './cell.ts'
import { requestFileFor, uploadFileFor } from './request-file.ts'

export interface Throughput {
  readonly scheme: 'http' | 'https'
  /** Octets of a body. */
  readonly size: number
  readonly upload?: boolean
  readonly connections?: number
  readonly site?: SiteShape
}

/** As many requests as the proxy takes, over kept-alive connections. */
export function defineThroughput(id: string, title: string, options: Throughput): Cell {
  const { scheme, size, upload = false, connections = 64, site = smallSite } = options
  return {
    id,
    title,
    unit: 'us a request',
    site,
    measure: async (visit) => {
      const requestFile = upload ? uploadFileFor(visit.site, size) : requestFileFor(visit.site, size)
      const { result, usage } = await observeUsage(visit.running.pid, [visit.backend], () =>
        saturate(visit, { scheme, connections, requestFile }),
      )
      return measurementOf(result, usage)
    },
  }
}

function saturate(
  { running, site, seconds }: Visit,
  options: { readonly scheme: 'http' | 'https'; readonly connections: number; readonly requestFile: string },
): Promise<LoadResult> {
  const port = options.scheme === 'http' ? running.httpPort : running.httpsPort
  return runWrk({ ...options, port, seconds, tlsFile: site.files.tlsSettings })
}

/** Microseconds of CPU for each thing that was asked and answered. */
export function measurementOf({ requests, seconds, failed, ...latency }: LoadResult, usage: Usage): Measurement {
  const { p50, p99, p999, longest } = latency
  return {
    usage,
    count: requests,
    failed,
    value: (usage.proxy * 1e6) / requests,
    figures: { perSecond: requests / seconds, p50, p99, p999, longest },
  }
}
