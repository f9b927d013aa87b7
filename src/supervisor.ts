import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'

import { argumentsOf } from './child-command.ts'
import type { Entry } from './child-command.ts'
import { countFailures, restartDelay } from './restart-delay.ts'
import { echoPeer } from './serve-options.ts'
import type { Listening, PortName, ServeOptions, StartMessage } from './serve-options.ts'
import { acceptedInTurn, descriptorsOf } from './serve/index.ts'
import type { BoundPort } from './serve/index.ts'
import { handOver, onceGone, pipeOf, tellChild, wasBorn } from './supervised-child.ts'

const firstPipe = 4

/** Descriptors of bound ports, by name: a port may have several. */
type Bound = readonly (readonly [PortName, number])[]

/** Bound already, so that a port that is taken is known before anything starts. */
export interface Ports {
  readonly http: BoundPort
  readonly https: BoundPort
  readonly admin: BoundPort | undefined
  readonly admission: BoundPort | undefined
}

/**
 * PID 1: binds the ports, starts control, workers and echo, hands each pair its pipe, starts again what died, and stops
 * all on a signal. It reads nothing that came from outside.
 */
export class Supervisor {
  readonly #options: ServeOptions
  readonly #ports: Ports
  readonly #peers = new Map<number, ChildProcess>()
  #control: ChildProcess | undefined
  #announced = false
  #draining = false
  #done: ((code: number) => void) | undefined

  constructor(options: ServeOptions, ports: Ports) {
    this.#options = options
    this.#ports = ports
  }

  /** Resolves with the exit code once everything has ended. */
  run(): Promise<number> {
    this.#startControl(0)
    for (let id = 1; id <= this.#options.workers; id++) this.#startPeer('worker', id, 0)
    if (this.#options.echo) this.#startPeer('echo', echoPeer, 0)
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => this.#signal(signal))
    return new Promise((done) => (this.#done = done))
  }

  #startControl(failures: number): void {
    const peers = [...this.#peers]
    const bound = this.#boundAs(['admin', 'admission'])
    const control = this.#spawn('controller', [
      ...Array<'pipe'>(peers.length).fill('pipe'),
      ...bound.map(([, descriptor]) => descriptor),
    ])
    this.#restartAfterDeath(control, failures, (count) => this.#startControl(count))
    if (!wasBorn(control)) return
    this.#control = control
    const pipes = peers.map(([peer], index) => [peer, firstPipe + index] as const)
    control.once('message', () => (this.#announced = true))
    tellChild(control, this.#startWith(pipes, bound))
    for (const [index, [id, child]] of peers.entries())
      handOver(child, { type: 'peer', peer: id }, pipeOf(control, firstPipe + index))
  }

  #startPeer(entry: 'worker' | 'echo', id: number, failures: number): void {
    const bound = entry === 'worker' ? this.#boundAs(['http', 'https'], acceptedInTurn) : []
    const child = this.#spawn(entry, ['pipe', ...bound.map(([, descriptor]) => descriptor)])
    const again = (count: number): void => this.#startPeer(entry, id, count)
    this.#restartAfterDeath(child, failures, again, () => this.#peers.delete(id))
    if (!wasBorn(child)) return
    this.#peers.set(id, child)
    tellChild(child, this.#startWith([[id, firstPipe]], bound))
    if (this.#control?.connected === true) handOver(this.#control, { type: 'peer', peer: id }, pipeOf(child, firstPipe))
  }

  #spawn(entry: Entry, further: readonly ('pipe' | number)[]): ChildProcess {
    const args = argumentsOf(entry, this.#options.workers)
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc', ...further] })
    // Every pipe that waits to be handed over listens for the end.
    return child.setMaxListeners(0)
  }

  #boundAs(names: readonly PortName[], times = 1): Bound {
    const ports = names.map((name) => [name, this.#ports[name]] as const)
    return descriptorsOf(ports, times)
  }

  /** A child finds what is bound behind its pipes. */
  #startWith(pipes: StartMessage['pipes'], bound: Bound): StartMessage {
    const descriptors: Partial<Record<PortName, number[]>> = {}
    for (const [at, [name]] of bound.entries()) (descriptors[name] ??= []).push(firstPipe + pipes.length + at)
    const [options, listening, announced] = [this.#options, this.#listening, this.#announced]
    return { type: 'start', options, listening, pipes, descriptors, announced }
  }

  #restartAfterDeath(
    child: ChildProcess,
    failures: number,
    start: (failures: number) => void,
    forget?: () => void,
  ): void {
    const born = performance.now()
    let hasServed = false
    child.on('message', () => (hasServed = true))
    onceGone(child, () => {
      forget?.()
      if (this.#draining) return this.#finish()
      const count = countFailures(failures, performance.now() - born)
      setTimeout(() => this.#draining || start(count), restartDelay(count, hasServed))
    })
  }

  #signal(signal: 'SIGINT' | 'SIGTERM'): void {
    if (this.#draining) return this.#stopAtOnce(signal)
    this.#draining = true
    for (const port of Object.values<BoundPort | undefined>({ ...this.#ports })) port?.close()
    if (this.#control !== undefined) tellChild(this.#control, { type: 'drain' })
    for (const [id, child] of this.#peers) if (id !== echoPeer) tellChild(child, { type: 'drain' })
    this.#finish()
  }

  /** Workers drain first; control and echo serve them until then. */
  #finish(): void {
    const workers = [...this.#peers.keys()].filter((id) => id !== echoPeer)
    if (workers.length > 0) return
    const others = [this.#control, this.#peers.get(echoPeer)].filter((child) => child !== undefined).filter(isAlive)
    for (const child of others) if (child.connected) child.disconnect()
    if (others.length === 0) this.#done?.(0)
  }

  #stopAtOnce(signal: 'SIGINT' | 'SIGTERM'): void {
    for (const child of [this.#control, ...this.#peers.values()]) child?.kill('SIGKILL')
    this.#done?.(signal === 'SIGINT' ? 130 : 143)
  }

  get #listening(): Listening {
    const { http, https, admin, admission } = this.#ports
    const ofControl = { adminPort: admin?.port, admissionPort: admission?.port }
    return { address: http.address, httpPort: http.port, httpsPort: https.port, ...ofControl }
  }
}

function isAlive(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null
}
