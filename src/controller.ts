import { randomBytes } from 'node:crypto'
import { Socket } from 'node:net'

import { announcementOf } from './announce.ts'
import type { Announcement } from './announce.ts'
import { createAssembly } from './assembly.ts'
import type { Assembled, Assembly } from './assembly.ts'
import { printable } from './base/index.ts'
import { makeCertificate } from './certificates/index.ts'
import { ControlAdmin } from './control-admin.ts'
import { openAdmission } from './control-admission.ts'
import type { ControlAdmission } from './control-admission.ts'
import { EchoLink } from './echo-link.ts'
import { Findings } from './findings.ts'
import { Fleet } from './fleet/index.ts'
import { inTurn } from './in-turn.ts'
import type { Snapshot } from './model/index.ts'
import { openPublisher } from './open-publisher.ts'
import { waitForSource } from './open-source.ts'
import { echoPeer, ownSocketsOf, serving } from './serve-options.ts'
import type { ChildMessage, StartMessage } from './serve-options.ts'
import type { NamedObjects, SourceChange } from './source/index.ts'
import { systemClock as clock } from './system-clock.ts'

const ticketPeriod = 12 * 3_600_000
const ticketKeyOctets = 48

function failed(message: string): void {
  console.error(printable(`lintel: ${message}`))
}

/** The control process: source → compile → publish. It never touches client traffic. */
class Controller {
  readonly #start: StartMessage
  readonly #assembly: Assembly
  readonly #fleet: Fleet
  readonly #admin: ControlAdmin
  readonly #admission: ControlAdmission | undefined
  readonly #echo = new EchoLink(() => void this.#apply(undefined))
  readonly #findings = new Findings(clock, (line) => console.error(line))
  readonly #stop = new AbortController()
  #published: Promise<void> | undefined
  #snapshot: Snapshot | undefined
  readonly #apply = inTurn((change: SourceChange | undefined) => this.#applyNext(change))
  #serving = false
  #announced: boolean

  constructor(message: StartMessage, selfMade: { chain: string; key: string }) {
    this.#start = message
    this.#announced = message.announced
    this.#assembly = createAssembly({ ...message.options, own: ownSocketsOf(message.listening, process.env) }, selfMade)
    this.#fleet = new Fleet(message.options.workers, message.announced)
    this.#admission = openAdmission(message, clock, failed)
    this.#admin = new ControlAdmin(message, { fleet: this.#fleet, admission: this.#admission, clock })
    if (this.#announced) this.#fleet.announced()
  }

  join(peer: number, socket: Socket, speakFirst: boolean): void {
    if (peer === echoPeer) this.#echo.join(socket, speakFirst)
    else this.#fleet.join(peer, socket, speakFirst)
  }

  drain(): void {
    this.#admin.drain()
  }

  async run(): Promise<void> {
    await this.#admin.listen()
    const renew = (): void => this.#fleet.ticketKeys(randomBytes(ticketKeyOctets))
    renew()
    clock.every(ticketPeriod, renew)
    const namedSecrets = (snapshot: Snapshot): NamedObjects => this.#assembly.namedSecrets(snapshot)
    const continues = (): boolean => this.#start.announced && this.#fleet.serving
    const needs = { namedSecrets, continues, failed, missed: failed }
    const opened = await waitForSource(this.#start.options, needs)
    const publisher = openPublisher(this.#start.options, opened.client, failed)
    this.#admin.opened(opened, publisher)
    this.#admission?.opened(opened, this.#stop.signal)
    this.#findings.opened(publisher)
    this.#published = publisher?.run(this.#stop.signal)
    for await (const change of opened.source.changes(this.#stop.signal)) await this.#apply(change)
  }

  /** Resolves once the lead is given back. */
  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#published
  }

  /** In turn, or what is older could be published last. undefined: what was last applied, since echo servers have moved. */
  async #applyNext(change: SourceChange | undefined): Promise<void> {
    const { snapshot = this.#snapshot, endpointsOnly = false } = change ?? {}
    if (snapshot === undefined) return
    this.#snapshot = snapshot
    const { echo } = this.#start.options
    if (endpointsOnly && !echo) return this.#publish(this.#assembly.refresh(snapshot))
    const ports = echo ? await this.#echo.portsFor(this.#assembly.echoKeys(snapshot)) : undefined
    this.#publish(this.#assembly.assemble(snapshot, ports))
  }

  #publish(assembled: Assembled): void {
    this.#admission?.serve(assembled)
    this.#findings.compiled(assembled)
    void this.#fleet
      .publish({ table: assembled.compilation.table, backends: assembled.backends })
      .then((version) => version !== undefined && this.#acknowledged(assembled, version))
  }

  #acknowledged(assembled: Assembled, version: number): void {
    this.#findings.acknowledged(assembled)
    this.#admin.published(assembled, version)
    this.#announce(assembled, version)
    if (!this.#serving) process.send?.(serving)
    this.#serving = true
  }

  /** Before the supervisor is told: what has not been said for certain is said again. */
  #announce({ compilation }: Assembled, version: number): void {
    if (this.#announced) return this.#print({ event: { event: 'table', version }, lines: [] })
    this.#announced = true
    this.#print(announcementOf(compilation.table, this.#start, version))
    this.#fleet.announced()
  }

  /** Events are for programs and stand on standard output; table and URLs are for people. */
  #print({ event, lines }: Announcement): void {
    const json = this.#start.options.log === 'json'
    // Not by console.log, which is a twentieth of what a change of endpoints costs.
    if (json) process.stdout.write(`${JSON.stringify(event)}\n`)
    for (const line of lines) (json ? console.error : console.log)(line)
  }
}

async function start(message: StartMessage): Promise<Controller> {
  const controller = new Controller(message, await makeCertificate(clock.wall()))
  for (const [peer, fd] of message.pipes) controller.join(peer, new Socket({ fd }), false)
  void controller.run()
  return controller
}

process.title = 'lintel: control'
// Nobody may be there to read.
process.stdout.on('error', () => undefined)
let controller: Promise<Controller> | undefined
process.on('message', (message: ChildMessage, pipe?: Socket) => {
  if (message.type === 'start') controller = start(message)
  if (message.type === 'peer' && pipe !== undefined)
    void controller?.then((running) => running.join(message.peer, pipe, true))
  if (message.type === 'drain') void controller?.then((running) => running.drain())
})
process.on('disconnect', () => {
  const stopped = controller?.then((running) => running.stop())
  void Promise.resolve(stopped).finally(() => process.exit(0))
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined)
