import { runNativeLoad } from '../native-load.ts'
import { observeUsage } from '../usage.ts'
import { smallSite } from './cell.ts'
import type { Cell } from './cell.ts'
import { requestFileFor } from './request-file.ts'
import { measurementOf } from './throughput.ts'

/** So many are in the making at a time. */
const connections = 16

/** Full handshakes of TLS 1.3, none resumed, each followed by one request of 1 KB. */
export const handshakes: Cell = {
  id: 'handshake',
  title: 'New TLS 1.3 connections, one request each',
  unit: 'us a connection',
  site: smallSite,
  measure: async ({ running, site, backend, seconds }) => {
    const { result, usage } = await observeUsage(running.pid, [backend], () =>
      runNativeLoad({
        mode: 'fresh',
        port: running.httpsPort,
        serverName: site.hosts[0] ?? '',
        connections,
        seconds,
        requestFile: requestFileFor(site, 1_024),
      }),
    )
    return measurementOf(result, usage)
  },
}
