import type { Socket } from 'node:net'

import { openPipe } from './fleet/index.ts'
import type { Pipe } from './fleet/index.ts'
import type { BackendKey, EchoReply, EchoRequest } from './model/index.ts'

/** Control's view of the echo process: which backends it stands in for, and where. */
export class EchoLink {
  #pipe: Pipe<EchoRequest> | undefined
  #keys: readonly BackendKey[] = []
  #ports: ReadonlyMap<BackendKey, number> = new Map()
  #waiting: (() => void) | undefined
  readonly #changed: () => void

  /** `changed` is called when ports change without having been asked for: the process was started again. */
  constructor(changed: () => void) {
    this.#changed = changed
  }

  join(socket: Socket, speakFirst: boolean): void {
    this.#pipe = openPipe<EchoReply, EchoRequest>(socket, {
      message: (reply) => this.#hear(reply),
      closed: () => undefined,
    })
    if (speakFirst || this.#keys.length > 0) this.#pipe.send({ type: 'want', keys: this.#keys })
  }

  /** Resolves with the ports once the echo process listens for all of these backends. */
  async portsFor(keys: readonly BackendKey[]): Promise<ReadonlyMap<BackendKey, number>> {
    this.#keys = keys
    const missing = (): boolean => keys.some((key) => !this.#ports.has(key))
    this.#pipe?.send({ type: 'want', keys })
    while (missing()) await new Promise<void>((wake) => (this.#waiting = wake))
    return this.#ports
  }

  #hear({ ports }: EchoReply): void {
    // A new process has none yet: where the former one listened is kept until it is known what has changed.
    if (ports.length === 0 && this.#keys.length > 0) return this.#pipe?.send({ type: 'want', keys: this.#keys })
    const before = this.#ports
    this.#ports = new Map(ports)
    this.#waiting?.()
    if ([...before].some(([key, port]) => (this.#ports.get(key) ?? port) !== port)) this.#changed()
  }
}
