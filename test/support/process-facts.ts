import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** In `/proc/net/tcp`. */
const listenState = '0A'

/** What /proc says of a process. Linux only. */
export interface ProcessFacts {
  /** Octets of memory in use now, and at most so far. */
  readonly resident: number
  readonly peak: number
  readonly descriptors: number
}

export function factsOf(pid: number): ProcessFacts {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1')
  const octets = (field: string): number => Number(new RegExp(`^${field}:\\s*(\\d+) kB$`, 'm').exec(status)?.[1]) * 1024
  return { resident: octets('VmRSS'), peak: octets('VmHWM'), descriptors: readdirSync(`/proc/${pid}/fd`).length }
}

/** The ports of the clients whose TCP connections to `port` this process has open. */
export function clientPortsOf(pid: number, port: number): ReadonlySet<number> {
  const sockets = new Set(readdirSync(`/proc/${pid}/fd`).map((fd) => inodeOf(`/proc/${pid}/fd/${fd}`)))
  const ports = new Set<number>()
  for (const line of readFileSync('/proc/net/tcp', 'latin1').split('\n').slice(1)) {
    const [, local = '', remote = '', , , , , , , inode = ''] = line.trim().split(/\s+/)
    if (portOf(local) === port && sockets.has(inode)) ports.add(portOf(remote))
  }
  return ports
}

/** How many descriptors of this process listen on `port`. */
export function listenersOf(pid: number, port: number): number {
  const tables = ['tcp', 'tcp6'].flatMap((table) => readFileSync(`/proc/net/${table}`, 'latin1').split('\n').slice(1))
  const listening = tables.map((line) => line.trim().split(/\s+/)).filter(([, , , state]) => state === listenState)
  const sockets = new Set(listening.filter(([, local = '']) => portOf(local) === port).map((fields) => fields[9]))
  return readdirSync(`/proc/${pid}/fd`).filter((fd) => sockets.has(inodeOf(`/proc/${pid}/fd/${fd}`))).length
}

/** Empty if it is no socket, or closed meanwhile. */
function inodeOf(link: string): string | undefined {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(link))?.[1]
  } catch {
    return undefined
  }
}

function portOf(address: string): number {
  return Number.parseInt(address.slice(address.indexOf(':') + 1), 16)
}
