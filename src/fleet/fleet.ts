import type { Socket } from 'node:net'

import type { ControlMessage, ServingState, WorkerFacts } from '../model/index.ts'
import { Link } from './link.ts'
import { Tally } from './tally.ts'
import { VersionPrinter } from './version-printer.ts'

interface Awaited {
  readonly version: number
  readonly done: (version: number | undefined) => void
}

/** Brings every worker to the newest state. A worker that is busy gets the newest next, never the ones between. */
export class Fleet {
  readonly #size: number
  readonly #links = new Set<Link>()
  readonly #printer = new VersionPrinter()
  /** By the number of the worker. */
  readonly #tallies = new Map<number, Tally>()
  /** The oldest first; no more than workers hold, are taking, or will be brought. */
  #awaited: Awaited[] = []
  #newest: { readonly state: ServingState; readonly version: number } | undefined
  #version = 0
  #complete = false
  #served: boolean
  #tickets: ControlMessage | undefined
  #announced: ControlMessage | undefined

  /**
   * `size` workers have to acknowledge the first version; later ones are awaited from those that are there. `served`: all
   * have had a table, by an earlier control process.
   */
  constructor(size: number, served = false) {
    this.#size = size
    this.#served = served
  }

  /** Takes over the pipe to a worker, which is known by its number whichever process it is. */
  join(id: number, socket: Socket, speakFirst: boolean): void {
    const tally = this.#tallyOf(id)
    const link = new Link(socket, speakFirst, this.#printer, {
      greeted: (_, version) => this.#greet(link, version),
      acknowledged: () => this.#acknowledge(link),
      counted: (counts) => tally.add(link, counts),
      closed: () => this.#forget(link, tally),
    })
    tally.begin(link)
    this.#links.add(link)
  }

  /** Whether all workers have had a table, and one at least is there that has. */
  get serving(): boolean {
    return this.#served && [...this.#links].some((link) => link.serving)
  }

  /** What is known of each worker that has been there. */
  get workers(): WorkerFacts[] {
    return [...this.#tallies.values()].map((tally) => tally.facts)
  }

  #tallyOf(id: number): Tally {
    const known = this.#tallies.get(id) ?? new Tally(id)
    this.#tallies.set(id, known)
    return known
  }

  /** Resolves once every worker has acknowledged the version or a later one; with undefined if a later one took its place. */
  publish(state: ServingState): Promise<number | undefined> {
    const version = ++this.#version
    this.#newest = { state, version }
    this.#bringAll()
    const { promise, resolve: done } = Promise.withResolvers<number | undefined>()
    this.#awaited = [...this.#awaited.filter((entry) => this.#mayBeReached(entry)), { version, done }]
    return promise
  }

  /** A version that no worker was brought will be acknowledged by none: while one worker hangs, such would pile up. */
  #mayBeReached({ version, done }: Awaited): boolean {
    const isHeld = [...this.#links].some((link) => link.sent === version || link.acknowledged === version)
    if (!isHeld) done(undefined)
    return isHeld
  }

  /** New ticket keys for all workers, also for those that join later. */
  ticketKeys(keys: Buffer): void {
    this.#tickets = { type: 'tickets', keys: keys.toString('base64') }
    this.#broadcast(this.#tickets)
  }

  /** The first table has been announced: workers may write their logs, also those that join later. */
  announced(): void {
    this.#announced = { type: 'announced' }
    this.#broadcast(this.#announced)
  }

  /** A worker that held a version of an earlier control process counts on: our next version is above it. */
  #greet(link: Link, held: number): void {
    if (this.#tickets !== undefined) link.send(this.#tickets)
    if (this.#announced !== undefined) link.send(this.#announced)
    this.#version = Math.max(this.#version, held)
    if (this.#newest !== undefined && this.#newest.version <= held) {
      this.#newest = { state: this.#newest.state, version: ++this.#version }
    }
    this.#bringAll()
    this.#settle()
  }

  #acknowledge(link: Link): void {
    if (this.#newest !== undefined) link.bring(this.#newest.state, this.#newest.version)
    this.#settle()
  }

  #forget(link: Link, tally: Tally): void {
    this.#links.delete(link)
    tally.end(link)
    this.#settle()
  }

  #bringAll(): void {
    if (this.#newest === undefined) return
    for (const link of this.#links) link.bring(this.#newest.state, this.#newest.version)
  }

  #settle(): void {
    this.#complete ||= this.#links.size >= this.#size
    this.#served ||= this.#complete && [...this.#links].every((link) => link.serving)
    if (!this.#complete || this.#links.size === 0) return
    const reached = Math.min(...[...this.#links].map((link) => link.acknowledged))
    const last = this.#awaited.findLast(({ version }) => version <= reached)
    const over = this.#awaited.filter(({ version }) => version <= reached)
    this.#awaited = this.#awaited.filter(({ version }) => version > reached)
    for (const entry of over) entry.done(entry === last ? reached : undefined)
  }

  #broadcast(message: ControlMessage): void {
    for (const link of this.#links) link.send(message)
  }
}
