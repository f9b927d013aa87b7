import type { Socket } from 'node:net'

import type { ControlMessage, CountsMessage, ServingState, WorkerMessage } from '../model/index.ts'
import { emptyState } from './changes.ts'
import { openPipe } from './pipe.ts'
import type { Pipe } from './pipe.ts'
import type { VersionPrinter } from './version-printer.ts'

export interface LinkEvents {
  /** The worker is there and serves `version`. */
  greeted(link: Link, version: number): void
  acknowledged(link: Link): void
  counted(counts: CountsMessage): void
  closed(link: Link): void
}

/** Control's view of one worker: what it holds, and whether it is busy taking something new. */
export class Link {
  readonly #pipe: Pipe<ControlMessage>
  readonly #printer: VersionPrinter
  #held: ServingState = emptyState
  #sent = 0
  #acknowledged = 0
  #greeted = false
  #serving = false

  /** `speakFirst`: our end was handed over, so the worker waits for us. */
  constructor(socket: Socket, speakFirst: boolean, printer: VersionPrinter, events: LinkEvents) {
    this.#printer = printer
    this.#pipe = openPipe<WorkerMessage, ControlMessage>(socket, {
      message: (message) => this.#hear(message, events),
      closed: () => events.closed(this),
    })
    if (speakFirst) this.#pipe.send({ type: 'hello' })
  }

  /** The last version that was brought; the worker may still be taking it. */
  get sent(): number {
    return this.#sent
  }

  /** The last version that the worker serves for sure. */
  get acknowledged(): number {
    return this.#acknowledged
  }

  /** Whether the worker has a table, perhaps that of an earlier control process. */
  get serving(): boolean {
    return this.#serving
  }

  send(message: ControlMessage): void {
    this.#pipe.send(message)
  }

  /** Sends what is new, unless the worker is still taking an earlier version. */
  bring(state: ServingState, version: number): void {
    if (!this.#greeted || this.#sent !== this.#acknowledged || this.#sent === version) return
    this.#pipe.write(this.#printer.print({ number: version, before: this.#held, after: state }))
    this.#held = state
    this.#sent = version
  }

  #hear(message: WorkerMessage, events: LinkEvents): void {
    switch (message.type) {
      case 'hello':
        this.#greeted = true
        this.#serving = message.version > 0
        return events.greeted(this, message.version)
      case 'acknowledged':
        this.#acknowledged = message.version
        this.#serving = true
        return events.acknowledged(this)
      case 'counts':
        return events.counted(message)
    }
  }
}
