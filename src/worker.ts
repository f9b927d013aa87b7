import { Socket } from 'node:net'

import { DataPlane } from './data-plane.ts'
import { Subscriber } from './fleet/index.ts'
import type { ServingState } from './model/index.ts'
import { serving } from './serve-options.ts'
import type { ChildMessage, StartMessage } from './serve-options.ts'
import { systemClock as clock } from './system-clock.ts'

const reportPeriod = 1_000

/** A worker process: holds the current table and carries traffic by it. It never asks control for anything. */
class Worker {
  readonly #start: StartMessage
  readonly #plane: DataPlane
  readonly subscriber: Subscriber
  #listening: Promise<void> | undefined

  constructor(message: StartMessage) {
    this.#start = message
    this.#plane = new DataPlane(message)
    this.subscriber = new Subscriber({
      use: (state) => this.#use(state),
      ticketKeys: (keys) => this.#plane.setTicketKeys(keys),
      announced: () => this.#plane.log?.release(),
    })
    clock.every(reportPeriod, () => this.#tellCounts())
  }

  /** With the first table the ports are opened, and only then it is acknowledged. */
  async #use(state: ServingState): Promise<void> {
    this.#plane.use(state)
    this.#listening ??= this.#listen()
    await this.#listening
  }

  async #listen(): Promise<void> {
    await this.#plane.listen()
    process.send?.(serving)
  }

  #tellCounts(): void {
    const open = this.#plane.count()
    this.subscriber.report(() => this.#plane.counts.takeNews(), open)
  }

  /** Announces the end, accepts for a while longer, finishes what was begun, and ends. */
  drain(): void {
    if (this.#plane.draining) return
    const { drainDelay, drainLimit } = this.#start.options
    const drained = this.#plane.drain()
    setTimeout(() => this.#plane.stopAccepting(), drainDelay)
    setTimeout(() => this.#plane.cut(), drainDelay + drainLimit).unref()
    void drained.then(() => this.#end())
  }

  async #end(): Promise<void> {
    this.#tellCounts()
    await this.#plane.log?.flush()
    process.exit(0)
  }
}

let worker: Worker | undefined

process.on('message', (message: ChildMessage, pipe?: Socket) => {
  if (message.type === 'start') {
    worker = new Worker(message)
    for (const [id, fd] of message.pipes) {
      process.title = `lintel: worker ${id}`
      worker.subscriber.join(new Socket({ fd }), false)
    }
  }
  if (message.type === 'peer' && pipe !== undefined) worker?.subscriber.join(pipe, true)
  if (message.type === 'drain') worker?.drain()
})
process.on('disconnect', () => (worker === undefined ? process.exit(0) : worker.drain()))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined)
