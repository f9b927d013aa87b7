import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

import type { Figure, Findings } from '../failure/exercises/findings.ts'
import { failures } from '../support/load.ts'
import type { LedgerEntry, LoadOptions } from '../support/load.ts'

const program = fileURLToPath(new URL('bystander-process.ts', import.meta.url))
/** Its first requests, which a Lintel that has just begun answers slowly; and then those before there are attackers. */
const first = 50
const calm = 100
/** It may wait so many times as long as before; and for so many milliseconds, which may be noise. */
const mostSlowdown = 2
const noise = 100

/** Milliseconds since the client began. */
interface Span {
  readonly from: number
  readonly until: number
}

/** The client that behaves well, in a process of its own, so that what it waits for is not the attackers' work. */
export class Bystander {
  readonly #child: ChildProcess
  readonly #death: Promise<never>
  readonly #beside: Figure[] = []
  readonly #apart: Span[] = []
  /** Its p99 before there are attackers. */
  #before = 0
  #stopped: Promise<readonly LedgerEntry[]> | undefined

  private constructor(options: LoadOptions) {
    this.#child = fork(program, [JSON.stringify(options)])
    this.#death = once(this.#child, 'exit').then(([code, signal]) => {
      throw new Error(`the client beside has ended: exit ${code}, signal ${signal}`)
    })
    this.#death.catch(() => undefined)
  }

  /** Resolves when it knows how long it waits while all is calm. */
  static async start(options: LoadOptions): Promise<Bystander> {
    const bystander = new Bystander(options)
    bystander.#before = p99((await bystander.answered(first + calm)).slice(first))
    return bystander
  }

  /** Resolves with all requests so far, once `count` more of them have been answered or lost. */
  answered(count: number): Promise<readonly LedgerEntry[]> {
    return this.#ask(count)
  }

  /** Does what holds Lintel up by ourselves, such as a collection of garbage: what is asked meanwhile does not say how long one waits. */
  async apart<T>(work: () => Promise<T>): Promise<T> {
    const from = lastEnd(await this.answered(1))
    const result = await work()
    this.#apart.push({ from, until: lastEnd(await this.answered(1)) })
    return result
  }

  /** Notes how long it waits while `what` is there. */
  async beside<T>(what: string, work: () => Promise<T>): Promise<T> {
    const from = (await this.answered(0)).length
    const result = await work()
    const ledger = (await this.answered(1)).slice(from)
    this.#beside.push(this.#waiting(`its p99 beside ${what}`, ledger))
    return result
  }

  stop(): Promise<readonly LedgerEntry[]> {
    return (this.#stopped ??= this.#ask('stop').finally(() => this.#child.disconnect()))
  }

  /**
   * What it saw, and how long it waited. Where Lintel gives up idle connections, one may cross its next request on the wire:
   * `mostCrossed` of those are told, and no faults, since clients ask again then.
   */
  async judge(mostCrossed = 0): Promise<Findings> {
    const ledger = await this.stop()
    const failed = failures(ledger)
    const crossed = failed.filter(({ outcome }) => outcome === 'reset').slice(0, mostCrossed)
    return {
      figures: [
        ...this.#beside,
        { name: 'requests of the client beside', value: ledger.length, unit: '' },
        { name: 'its connections that were given up', value: crossed.length, unit: '' },
        { name: 'its p99 before', value: this.#before, unit: 'ms' },
        this.#waiting('its p99 beside the attackers', ledger.slice(first + calm)),
      ],
      faults: failed
        .filter((entry) => !crossed.includes(entry))
        .map(({ path, outcome, detail }) => `${path}: ${outcome} ${detail}`),
    }
  }

  #waiting(name: string, ledger: readonly LedgerEntry[]): Figure {
    const counted = ledger.filter((entry) => !this.#apart.some((span) => overlaps(entry, span)))
    return { name, value: p99(counted), unit: 'ms', most: Math.max(noise, mostSlowdown * this.#before) }
  }

  async #ask(asked: number | 'stop'): Promise<readonly LedgerEntry[]> {
    const answer = once(this.#child, 'message') as Promise<[LedgerEntry[]]>
    this.#child.send(asked)
    const [ledger] = await Promise.race([answer, this.#death])
    return ledger
  }
}

function p99(ledger: readonly LedgerEntry[]): number {
  const times = ledger.map(({ ms }) => ms).toSorted((one, other) => one - other)
  return times[Math.floor(times.length * 0.99)] ?? 0
}

function endOf({ due, ms }: LedgerEntry): number {
  return due + ms
}

function lastEnd(ledger: readonly LedgerEntry[]): number {
  return Math.max(0, ...ledger.slice(-1).map(endOf))
}

function overlaps(entry: LedgerEntry, { from, until }: Span): boolean {
  return entry.due < until && endOf(entry) > from
}
