import { createServer } from 'node:net'
import * as net from 'node:net'
import type { AddressInfo, ListenOptions, Server } from 'node:net'

/**
 * The one file that knows how a port is shared by processes. The supervisor binds, workers listen: a bound socket that
 * nobody listens on refuses connections, and what waits at a worker that died is taken by the others, since they all
 * accept from one queue. Before Node 26.4 there is no bound socket: each worker then has a queue of its own.
 */
export interface BoundPort {
  readonly address: string
  readonly port: number
  /** To be passed on as `stdio`; undefined where workers have to bind the port themselves. */
  readonly descriptor: number | undefined
  close(): void
}

/** To be passed on, by name; without those that processes have to bind themselves. */
export function descriptorsOf<Name>(ports: readonly (readonly [Name, BoundPort | undefined])[]): Map<Name, number> {
  const found = new Map<Name, number>()
  for (const [name, port] of ports) if (port?.descriptor !== undefined) found.set(name, port.descriptor)
  return found
}

/** What a process needs in order to listen on a bound port. */
export type ListenOn = Pick<ListenOptions, 'port' | 'host' | 'reusePort'> | { readonly fd: number }

const isSocketShared = 'BoundSocket' in net

/**
 * Binds; port 0 picks a free one. `host` undefined: all addresses, IPv6 with IPv4 where there is IPv6.
 * Rejects with the system's error (`EADDRINUSE`, `EACCES`, …).
 */
export async function bindPort(
  host: string | undefined,
  port: number,
  shared: boolean = isSocketShared,
): Promise<BoundPort> {
  const bind = shared ? bindShared : bindApart
  if (host !== undefined) return bind(host, port)
  try {
    return await bind('::', port)
  } catch (error) {
    if (!isWithoutIPv6(error)) throw error
    return bind('0.0.0.0', port)
  }
}

function isWithoutIPv6(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EAFNOSUPPORT' || error.code === 'EADDRNOTAVAIL')
}

async function bindShared(host: string, port: number): Promise<BoundPort> {
  const socket = new net.BoundSocket({ host, port })
  return { ...addressOf(socket.address()), descriptor: socket.fd(), close: () => socket.close() }
}

async function bindApart(host: string, port: number): Promise<BoundPort> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port, reusePort: true }, resolve)
  })
  const bound = addressOf(server.address())
  await new Promise((resolve) => server.close(resolve))
  return { ...bound, descriptor: undefined, close: () => undefined }
}

function addressOf(info: AddressInfo | string | null): { address: string; port: number } {
  if (info === null || typeof info === 'string') throw new TypeError('bind: not a TCP address')
  return { address: info.address, port: info.port }
}

/** How a worker listens: on the descriptor that it was born with, else on the address itself. */
export function listenOn(bound: Pick<BoundPort, 'address' | 'port'>, descriptor: number | undefined): ListenOn {
  return descriptor === undefined ? { host: bound.address, port: bound.port, reusePort: true } : { fd: descriptor }
}

export function listen(server: Server, on: ListenOn): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ ...on, backlog: 1024 }, () => {
      server.off('error', reject)
      resolve()
    })
  })
}
