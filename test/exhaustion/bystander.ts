import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

import type { LedgerEntry, LoadOptions } from '../support/load.ts'

const program = fileURLToPath(new URL('bystander-process.ts', import.meta.url))

/** The client that behaves well, in a process of its own, so that what it waits for is not the attackers' work. */
export class Bystander {
  readonly #child: ChildProcess
  #stopped: Promise<readonly LedgerEntry[]> | undefined

  constructor(options: LoadOptions) {
    this.#child = fork(program, [JSON.stringify(options)])
  }

  /** Resolves with the number of all requests so far, once `count` more of them have been answered or lost. */
  async answered(count: number): Promise<number> {
    return (await this.#ask(count)).length
  }

  stop(): Promise<readonly LedgerEntry[]> {
    return (this.#stopped ??= this.#ask('stop').finally(() => this.#child.disconnect()))
  }

  async #ask(asked: number | 'stop'): Promise<readonly LedgerEntry[]> {
    const answer = once(this.#child, 'message')
    this.#child.send(asked)
    const [ledger] = (await answer) as [LedgerEntry[]]
    return ledger
  }
}
