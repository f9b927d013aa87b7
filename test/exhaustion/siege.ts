import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'

import { cpuTime } from '../bench/cpu-time.ts'
import type { Course, Figure } from '../failure/exercises/findings.ts'
import { ask } from '../support/http-client.ts'
import { startLintel } from '../support/lintel.ts'
import type { Lintel } from '../support/lintel.ts'
import { startLoadUpstream } from '../support/load-upstream.ts'
import { failures } from '../support/load.ts'
import type { LedgerEntry } from '../support/load.ts'
import { makeManifestFolder, printIngress } from '../support/manifests.ts'
import { factsOf } from '../support/process-facts.ts'
import { Bystander } from './bystander.ts'
import { inspectable, WorkerMemory } from './worker-memory.ts'
import type { MemoryUse } from './worker-memory.ts'

const kibibyte = 1024
/** Requests a second of the client that behaves well. */
const rate = 50
/** Its requests before there are attackers. */
const calm = 100
/** Milliseconds. */
const mostWait = 100
/** Octets that the endless upstream sends at a time. */
const block = Buffer.alloc(64 * kibibyte, 'x')
const endless = 1_000_000_000
/** Connections a source address of this machine: far below what a port range holds. */
const mostOfAddress = 5_000

/** Takes requests and does badly: `/silent` never answers, `/deaf` reads no body, `/endless` is a body of 1 GB. */
export class BadUpstream {
  /** Octets that it could hand over so far. */
  sent = 0
  readonly #sockets = new Set<Socket>()
  readonly #server = createServer({ noDelay: true }, (socket) => this.#accept(socket))

  async listen(): Promise<number> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    return (this.#server.address() as AddressInfo).port
  }

  close(): void {
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => this.#sockets.delete(socket))
    socket.once('data', (head) => {
      const path = head.toString('latin1').split(' ')[1] ?? ''
      if (path === '/deaf') socket.pause()
      if (path === '/endless') this.#stream(socket)
    })
  }

  #stream(socket: Socket): void {
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${endless}\r\n\r\n`)
    const more = (): void => {
      do this.sent += block.length
      while (socket.write(block))
    }
    socket.on('drain', more)
    more()
  }
}

/** A Lintel with one worker, a client that behaves well at `good.test`, and a bad upstream at `bad.test`. */
export interface Siege {
  readonly lintel: Lintel
  readonly bad: BadUpstream
  readonly load: Bystander
  /** Octets of memory of the worker. */
  resident(): number
  /** The worker's memory without garbage. */
  memory(): Promise<MemoryUse>
  /** Milliseconds of CPU of the worker so far. */
  processorTime(): number
  /** Opens that many connections, spread over source addresses; `text` is sent on each. */
  attack(count: number, text: string): Promise<Attackers>
  /** Resolves when the worker has seen all that was sent to it before. */
  settle(): Promise<void>
}

export interface SiegeOptions {
  readonly flags?: readonly string[]
  readonly descriptors?: number
}

export async function laySiege(course: Course, { flags = [], descriptors }: SiegeOptions = {}): Promise<Siege> {
  const good = await startLoadUpstream()
  course.after(() => good.close())
  const bad = new BadUpstream()
  course.after(() => bad.close())
  const folder = makeManifestFolder()
  course.after(() => folder.remove())
  const rules = ['good', 'bad'].map((name) => ({ host: `${name}.test`, service: name }))
  folder.write('siege.yaml', printIngress('siege', rules))
  const backends = [
    '--backend',
    `good:80=127.0.0.1:${good.port}`,
    '--backend',
    `bad:80=127.0.0.1:${await bad.listen()}`,
  ]
  const lintel = await startLintel(['--workers', '1', ...backends, ...flags, folder.path], undefined, {
    environment: inspectable,
    ...(descriptors !== undefined && { descriptors }),
  })
  let memory: WorkerMemory | undefined
  course.after(() => {
    // A process that is being inspected does not end.
    memory?.close()
    return lintel.stop()
  })
  const load = new Bystander({ port: lintel.httpPort, host: 'good.test', rate })
  course.after(() => load.stop())
  await load.answered(calm)
  const [worker = 0] = lintel.pids('lintel: worker 1')
  const inspected = (memory = await WorkerMemory.of(lintel, worker))
  return {
    lintel,
    bad,
    load,
    resident: () => factsOf(worker).resident,
    memory: () => inspected.use(),
    processorTime: () => cpuTime([worker]) * 1_000,
    attack: async (count, text) => {
      const attackers = new Attackers()
      course.after(() => attackers.leave())
      await attackers.connect(lintel.httpPort, count, Buffer.from(text, 'latin1'))
      return attackers
    },
    settle: async () => {
      const ports = { http: lintel.httpPort, https: lintel.httpsPort }
      for (let turn = 0; turn < 3; turn++) await ask(ports, { method: 'GET', url: 'http://nobody.test/' })
    },
  }
}

/** Connections that say one thing and then nothing more. */
export class Attackers {
  readonly #sockets: Socket[] = []
  /** Milliseconds from its text to the end of each connection that has ended. */
  readonly lifetimes: number[] = []
  /** Status lines that came, by how often. */
  readonly statuses: Map<string, number> = new Map()
  #changed: () => void = () => undefined

  async connect(port: number, count: number, octets: Buffer): Promise<void> {
    const opened: Promise<unknown>[] = []
    for (let index = 0; index < count; index++) {
      opened.push(this.#openOne(port, octets, `127.0.0.${1 + Math.floor(index / mostOfAddress)}`))
      if (index % 100 === 99) await Promise.all(opened.splice(0))
    }
    await Promise.all(opened)
  }

  get open(): number {
    return this.#sockets.filter((socket) => !socket.destroyed).length
  }

  /** Nothing is read from now on. */
  stopReading(): void {
    for (const socket of this.#sockets) socket.pause()
  }

  /** Resolves when the peer has ended all of them. */
  ended(): Promise<void> {
    return new Promise((resolve) => {
      this.#changed = () => this.lifetimes.length === this.#sockets.length && resolve()
      this.#changed()
    })
  }

  leave(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  async #openOne(port: number, octets: Buffer, localAddress: string): Promise<void> {
    const socket = connect({ port, host: '127.0.0.1', localAddress, noDelay: true })
    this.#sockets.push(socket)
    const begun = performance.now()
    socket.on('data', (bytes: Buffer) => this.#count(bytes))
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      this.lifetimes.push(performance.now() - begun)
      this.#changed()
    })
    await Promise.race([once(socket, 'connect'), once(socket, 'close')])
    if (octets.length > 0) await new Promise((resolve) => socket.write(octets, resolve) || resolve(undefined))
  }

  #count(bytes: Buffer): void {
    const status = bytes.toString('latin1', 0, 12)
    if (status.startsWith('HTTP/1.1 ')) this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1)
  }
}

/**
 * What the client that behaves well saw, and how long it waited. An idle connection that was given up may cross its next
 * request on the wire: that is told, and no fault, since clients ask again then.
 */
export async function judgeLoad(load: Bystander): Promise<{ readonly figures: Figure[]; readonly faults: string[] }> {
  const ledger = await load.stop()
  const failed = failures(ledger)
  return {
    figures: [
      { name: 'requests of the client beside', value: ledger.length, unit: '' },
      { name: 'its connections that were given up', value: failed.filter(isReset).length, unit: '' },
      { name: 'its p99 before', value: p99(ledger.slice(0, calm)), unit: 'ms' },
      { name: 'its p99 beside the attackers', value: p99(ledger.slice(calm)), unit: 'ms', most: mostWait },
    ],
    faults: failed
      .filter((entry) => !isReset(entry))
      .map(({ path, outcome, detail }) => `${path}: ${outcome} ${detail}`),
  }
}

function p99(ledger: readonly LedgerEntry[]): number {
  const times = ledger.map(({ ms }) => ms).toSorted((one, other) => one - other)
  return times[Math.floor(times.length * 0.99)] ?? 0
}

function isReset({ outcome }: LedgerEntry): boolean {
  return outcome === 'reset'
}
