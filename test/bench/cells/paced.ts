import { runNativeLoad } from '../native-load.ts'
import { observeUsage } from '../usage.ts'
import { capacityOf } from './capacity.ts'
import { smallSite } from './cell.ts'
import type { Cell } from './cell.ts'
import { requestFileFor } from './request-file.ts'
import { measurementOf } from './throughput.ts'

export interface Paced {
  readonly scheme: 'http' | 'https'
  /** Of what the reference takes at most; everybody is given the same pace. */
  readonly share: number
  readonly connections?: number
}

/** Requests of 1 KB that arrive by the clock: what they cost when there are few, and how long each takes. */
export function definePaced(id: string, title: string, { scheme, share, connections = 64 }: Paced): Cell {
  return {
    id,
    title,
    unit: 'us a request',
    site: smallSite,
    measure: async ({ running, reference, site, backend, seconds }) => {
      const rate = share * (await capacityOf(reference, site, scheme))
      const { result, usage } = await observeUsage(running.pid, [backend], () =>
        runNativeLoad({
          mode: 'keep',
          port: scheme === 'http' ? running.httpPort : running.httpsPort,
          ...(scheme === 'https' ? { serverName: site.hosts[0] ?? '' } : {}),
          connections,
          rate,
          seconds,
          requestFile: requestFileFor(site, 1_024),
        }),
      )
      return measurementOf(result, usage)
    },
  }
}
