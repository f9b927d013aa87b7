import { join } from 'node:path'

import { writeRequests } from '../load-result.ts'
import { openNativeLoad } from '../native-load.ts'
import { smallSite } from './cell.ts'
import type { Cell } from './cell.ts'
import { aimAt, costUnder } from './observe-load.ts'

const connections = 64
const messageSize = 128
/** A masked binary frame, whose length stands in 16 bits (RFC 6455 5.2). */
const frame = Buffer.concat([
  Buffer.from([0x82, 0x80 | 126, messageSize >> 8, messageSize & 0xff, 1, 2, 3, 4]),
  Buffer.alloc(messageSize, 'm'),
]).toString('latin1')

/** Messages of 128 octets to and fro in open tunnels. */
export const tunnels: Cell = {
  id: 'websocket',
  title: 'WebSocket echo, 128 octets',
  unit: 'us a message',
  site: smallSite,
  needs: ['upgrade'],
  nativeLoad: true,
  measure: async (visit) => {
    const requestFile = join(visit.site.folder, 'tunnel.requests')
    writeRequests(requestFile, [printUpgrade(visit.site.hosts[0] ?? ''), frame])
    const load = { ...aimAt(visit, 'http'), mode: 'tunnel', connections, requestFile } as const
    return costUnder(visit, () => openNativeLoad(load))
  },
}

/** The key is that of RFC 6455 1.3: the back end knows the answer to no other. */
function printUpgrade(host: string): string {
  return `GET /chat HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`
}
