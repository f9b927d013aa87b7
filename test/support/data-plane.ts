import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import type { TestContext } from 'node:test'

import type { AccessEntry } from '../../src/model/index.ts'
import { ReadBuffers } from '../../src/serve/index.ts'
import type { Proxy } from '../../src/serve/index.ts'
import { startClientSide } from './client-side.ts'
import type { ClientSide } from './client-side.ts'
import { RawClient, roundTrip } from './raw-client.ts'
import { createProxy } from './upstream-side.ts'

/** All of the data plane on a clock that stands still, between a client and an upstream that a test speaks for. */
export interface DataPlane extends Omit<ClientSide, 'log'> {
  readonly proxy: Proxy
  readonly log: readonly AccessEntry[]
  readonly client: RawClient
  /** The first connection that reaches the upstream. */
  readonly upstream: Promise<RawClient>
  /** How many have reached it. */
  readonly connections: () => number
}

/** `before`: ports of endpoints that are tried before the upstream. Both sides read into the same buffers. */
export async function startDataPlane(
  t: TestContext,
  before: readonly number[] = [],
  readBuffers: ReadBuffers = new ReadBuffers(),
): Promise<DataPlane> {
  const log: AccessEntry[] = []
  const sockets: Socket[] = []
  const server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => void sockets.push(socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const upstream = once(server, 'connection').then(([socket]) => new RawClient(socket as Socket))
  const side = await startClientSide((exchange) => proxy.handle(exchange), { readBuffers })
  const ports = [...before, (server.address() as AddressInfo).port]
  const proxy = createProxy(side.clock, ports, (entry) => log.push(entry), readBuffers)
  t.after(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
    side.close()
    proxy.destroy()
  })
  return { ...side, proxy, log, client: await side.connect(), upstream, connections: () => sockets.length }
}

/** Lets all that was sent arrive, then lets time pass. */
export async function pass({ clock }: Pick<ClientSide, 'clock'>, ms: number): Promise<void> {
  await roundTrip()
  clock.advance(ms)
  await roundTrip()
}
