import { openNativeLoad } from '../native-load.ts'
import { smallSite } from './cell.ts'
import type { Cell } from './cell.ts'
import { aimAt, costUnder } from './observe-load.ts'

/** So many are in the making at a time. */
const connections = 16

/** Full handshakes of TLS 1.3, none resumed, each followed by one request of 1 KB. */
export const handshakes: Cell = {
  id: 'handshake',
  title: 'New TLS 1.3 connections, one request each',
  unit: 'us a connection',
  site: smallSite,
  needs: ['tls'],
  nativeLoad: true,
  measure: async (visit) =>
    costUnder(visit, () => openNativeLoad({ ...aimAt(visit, 'https'), mode: 'fresh', connections })),
}
