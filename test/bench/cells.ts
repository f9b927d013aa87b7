import { join } from 'node:path'

import type { Running } from './candidates/index.ts'
import { makeRequestHeads } from './request-heads.ts'
import type { Sample } from './sample.ts'
import type { Site } from './site.ts'
import { observeUsage } from './usage.ts'
import { runWrk, writeRequests, writeTlsSettings } from './wrk.ts'

export interface Visit {
  readonly running: Running
  readonly site: Site
  readonly backend: number
  readonly seconds: number
}

export type Measurement = Pick<Sample, 'usage' | 'count' | 'failed' | 'value' | 'figures'>

/** One thing that is measured: what is asked of a proxy, and what of it is compared. */
export interface Cell {
  readonly id: string
  readonly title: string
  readonly hosts: number
  readonly measure: (visit: Visit) => Promise<Measurement>
}

interface Throughput {
  readonly scheme: 'http' | 'https'
  readonly size: number
  readonly connections?: number
  readonly hosts?: number
}

function defineThroughput(id: string, title: string, options: Throughput): Cell {
  const { scheme, size, connections = 64, hosts = 10 } = options
  return {
    id,
    title,
    hosts,
    measure: async ({ running, site, backend, seconds }) => {
      const requestFile = join(site.folder, `${size}.requests`)
      const tlsFile = join(site.folder, 'openssl.cnf')
      writeRequests(requestFile, makeRequestHeads({ hosts: site.hosts, count: Math.max(1_000, hosts), size }))
      writeTlsSettings(tlsFile)
      const port = scheme === 'http' ? running.httpPort : running.httpsPort
      const url = `${scheme}://localhost:${port}/`
      const { result, usage } = await observeUsage(running.pid, [backend], () =>
        runWrk({ url, connections, seconds, requestFile, tlsFile }),
      )
      const { requests, failed, p50, p99, p999 } = result
      return {
        usage,
        count: requests,
        failed,
        value: (usage.proxy * 1e6) / requests,
        figures: { perSecond: requests / result.seconds, p50, p99, p999 },
      }
    },
  }
}

const [kilobyte, megabyte] = [1_024, 1_048_576]

export const cells: readonly Cell[] = [
  defineThroughput('h1-1k', 'HTTP/1.1, 1 KB', { scheme: 'http', size: kilobyte }),
  defineThroughput('tls-1k', 'HTTPS, 1 KB', { scheme: 'https', size: kilobyte }),
  defineThroughput('h1-64k', 'HTTP/1.1, 64 KB', { scheme: 'http', size: 64 * kilobyte }),
  defineThroughput('tls-64k', 'HTTPS, 64 KB', { scheme: 'https', size: 64 * kilobyte }),
  defineThroughput('h1-1m', 'HTTP/1.1, 1 MiB', { scheme: 'http', size: megabyte }),
  defineThroughput('tls-1m', 'HTTPS, 1 MiB', { scheme: 'https', size: megabyte }),
  defineThroughput('h1-1k-1000c', 'HTTP/1.1, 1 KB, 1,000 connections', {
    scheme: 'http',
    size: kilobyte,
    connections: 1_000,
  }),
  defineThroughput('h1-1k-10000h', 'HTTP/1.1, 1 KB, 10,000 hosts', { scheme: 'http', size: kilobyte, hosts: 10_000 }),
]
