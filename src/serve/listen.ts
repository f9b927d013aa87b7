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

/** To be passed on, each so many times, by name; without those that processes have to bind themselves. */
export function descriptorsOf<Name>(
  ports: readonly (readonly [Name, BoundPort | undefined])[],
  times: number,
): (readonly [Name, number])[] {
  return ports.flatMap(([name, port]) => {
    const descriptor = port?.descriptor
    return descriptor === undefined ? [] : Array.from({ length: times }, () => [name, descriptor] as const)
  })
}

/**
 * A turn of a loop takes one connection from each descriptor that it listens on (libuv), so a queue of many is worked off
 * as fast as a worker has descriptors of the socket.
 */
export const acceptedInTurn = 8

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

type Address = Pick<BoundPort, 'address' | 'port'>

/** How a process listens: on the descriptor that it was born with, else on the address itself. */
export function listenOn(bound: Address, descriptor: number | undefined): ListenOn {
  return descriptor === undefined ? { host: bound.address, port: bound.port, reusePort: true } : { fd: descriptor }
}

/** The same for a process that was born with several descriptors of the socket. */
export function listenOnAll(bound: Address, descriptors: readonly number[] = []): readonly ListenOn[] {
  return descriptors.length === 0
    ? [listenOn(bound, undefined)]
    : descriptors.map((descriptor) => listenOn(bound, descriptor))
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
