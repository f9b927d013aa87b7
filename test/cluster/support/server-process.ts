import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

import { untilTrue } from './until.ts'

/** A program of the cluster: it can be held, killed, and started again with the arguments that it had. */
export class ServerProcess {
  readonly #path: string
  readonly #args: readonly string[]
  readonly #logFile: string
  readonly #obstacle: () => Promise<string | undefined>
  #child: ChildProcess | undefined

  /** `obstacle` says why it is not ready yet, and nothing once it is. */
  constructor(path: string, args: readonly string[], folder: string, obstacle: () => Promise<string | undefined>) {
    this.#path = path
    this.#args = args
    this.#logFile = join(folder, `${basename(path)}.log`)
    this.#obstacle = obstacle
  }

  get pid(): number {
    return this.#child?.pid ?? 0
  }

  /** Resolves when it is ready; rejects with the end of its log when it ends before. */
  async start(): Promise<void> {
    const log = openSync(this.#logFile, 'a')
    const child = spawn(this.#path, this.#args, { stdio: ['ignore', log, log] })
    closeSync(log)
    this.#child = child
    let obstacle: string | undefined
    try {
      await untilTrue('ready', async () => {
        if (hasEnded(child)) throw new Error('it has ended')
        obstacle = await this.#obstacle()
        return obstacle === undefined
      })
    } catch (cause) {
      throw new Error(`${this.#path}: ${String(cause)}; ${obstacle}\n${this.#lastLines()}`, { cause })
    }
  }

  async kill(): Promise<void> {
    const child = this.#child
    this.#child = undefined
    if (child === undefined || hasEnded(child)) return
    const exit = once(child, 'exit')
    child.kill('SIGKILL')
    await exit
  }

  /** It answers nothing, and its connections stay open. */
  hold(): void {
    this.#child?.kill('SIGSTOP')
  }

  release(): void {
    this.#child?.kill('SIGCONT')
  }

  #lastLines(): string {
    return readFileSync(this.#logFile, 'utf8').trimEnd().split('\n').slice(-20).join('\n')
  }
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null
}
