import type { Socket } from 'node:net'

import type { ControlMessage, OpenConnections, ServingState, WorkerMessage } from '../model/index.ts'
import { emptyState, NextState } from './changes.ts'
import { openPipe } from './pipe.ts'
import type { Pipe } from './pipe.ts'

/** What a worker does with what it hears. */
export interface Subscription {
  /** Serve by this state from now on; the version is acknowledged when the promise resolves. */
  use(state: ServingState): Promise<void>
  ticketKeys(keys: Buffer): void
  announced(): void
}

/** The worker's end of publication. It outlives any one control process: each new one joins with a pipe of its own. */
export class Subscriber {
  readonly #subscription: Subscription
  /** To control, as long as it is there. */
  #pipe: Pipe<WorkerMessage> | undefined
  #told: OpenConnections | undefined
  #held: ServingState = emptyState
  #version = 0

  constructor(subscription: Subscription) {
    this.#subscription = subscription
  }

  /** `speakFirst`: our end was handed over, so control waits for us. A version that is half received when the pipe closes is discarded. */
  join(socket: Socket, speakFirst: boolean): void {
    let next: NextState | undefined
    const hear = (message: ControlMessage): void => {
      if (message.type === 'begin') next = new NextState(message.fresh ? emptyState : this.#held)
      else if (message.type !== 'commit') this.#hear(message, pipe, next)
      else if (next !== undefined) {
        void this.#commit(next.state, message.version, pipe)
        next = undefined
      }
    }
    const pipe: Pipe<WorkerMessage> = openPipe<ControlMessage, WorkerMessage>(socket, {
      message: hear,
      closed: () => {
        next = undefined
        if (this.#pipe === pipe) this.#pipe = undefined
      },
    })
    if (speakFirst) this.#greet(pipe)
  }

  #hear(
    message: Exclude<ControlMessage, { type: 'begin' | 'commit' }>,
    pipe: Pipe<WorkerMessage>,
    next?: NextState,
  ): void {
    switch (message.type) {
      case 'hello':
        return this.#greet(pipe)
      case 'tickets':
        return this.#subscription.ticketKeys(Buffer.from(message.keys, 'base64'))
      case 'announced':
        return this.#subscription.announced()
      case 'host':
      case 'tls':
      case 'certificate':
      case 'backend':
      case 'rest':
        next?.apply(message)
    }
  }

  /** Tells control what is new, if anything is. While there is no control process, nothing is taken, so nothing is lost. */
  report(takeNews: () => readonly number[], open: OpenConnections): void {
    if (this.#pipe === undefined) return
    const more = takeNews()
    if (more.length === 0 && open.http === this.#told?.http && open.https === this.#told.https) return
    this.#pipe.send({ type: 'counts', more, open })
    this.#told = open
  }

  #greet(pipe: Pipe<WorkerMessage>): void {
    this.#pipe = pipe
    this.#told = undefined
    pipe.send({ type: 'hello', version: this.#version })
  }

  async #commit(state: ServingState, version: number, pipe: Pipe<WorkerMessage>): Promise<void> {
    this.#held = state
    this.#version = version
    await this.#subscription.use(state)
    pipe.send({ type: 'acknowledged', version })
  }
}
