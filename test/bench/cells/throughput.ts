import { openNativeLoad } from '../native-load.ts'
import { reasonAgainstNative } from '../native-programs.ts'
import type { SiteShape } from '../site.ts'
import { wrkLoad } from '../wrk.ts'
import { smallSite } from './cell.ts'
import type { Cell } from './cell.ts'
import { aimAt, costUnder } from './observe-load.ts'
import type { Scheme } from './observe-load.ts'
import { requestFileFor, uploadFileFor } from './request-file.ts'

export interface Throughput {
  readonly scheme: Scheme
  /** Octets of a body. */
  readonly size: number
  readonly upload?: boolean
  readonly connections?: number
  readonly site?: SiteShape
}

/** Bodies of more than this are what a request is about. */
const largeBody = 16_384
const isNative = reasonAgainstNative() === undefined

/** As many requests as the proxy takes, over kept-alive connections. */
export function defineThroughput(id: string, title: string, options: Throughput): Cell {
  const { scheme, size, upload = false, connections = 64, site = smallSite } = options
  return {
    id,
    title,
    unit: 'us a request',
    site,
    needs: [...(scheme === 'https' ? (['tls'] as const) : []), ...(size > largeBody ? (['bodies'] as const) : [])],
    nativeLoad: false,
    measure: async (visit) => {
      const requestFile = upload ? uploadFileFor(visit.site, size) : requestFileFor(visit.site, size)
      const load = { ...aimAt(visit, scheme), connections, requestFile, tlsFile: visit.site.files.tlsSettings }
      return costUnder(visit, async () => (isNative ? openNativeLoad({ ...load, mode: 'keep' }) : wrkLoad(load)))
    },
  }
}
