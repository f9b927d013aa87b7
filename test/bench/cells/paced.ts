import { openNativeLoad } from '../native-load.ts'
import { capacityOf } from './capacity.ts'
import { smallSite } from './cell.ts'
import type { Cell } from './cell.ts'
import { aimAt, costUnder } from './observe-load.ts'
import type { Scheme } from './observe-load.ts'

export interface Paced {
  readonly scheme: Scheme
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
    needs: scheme === 'https' ? ['tls'] : [],
    nativeLoad: true,
    measure: async (visit) => {
      const rate = share * (await capacityOf(visit.reference, visit.site, scheme))
      return costUnder(visit, () => openNativeLoad({ ...aimAt(visit, scheme), mode: 'keep', connections, rate }))
    },
  }
}
