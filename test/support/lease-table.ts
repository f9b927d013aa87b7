import type { Clock } from '../../src/base/index.ts'
import { KubeError } from '../../src/kube/index.ts'
import type { LeaseClient } from '../../src/kube/index.ts'
import type { JsonRecord } from '../../src/model/index.ts'
import type { FakeClock } from './fake-clock.ts'

/** One Lease, as an API server keeps it: a write with another version than its own is refused. */
export class LeaseTable {
  lease: JsonRecord | undefined
  /** Every write that was taken, by whom and when. */
  readonly writes: { readonly by: string; readonly at: number; readonly holder: unknown }[] = []
  #version = 0
  readonly #clock: FakeClock

  constructor(clock: FakeClock) {
    this.#clock = clock
  }

  read(): JsonRecord {
    if (this.lease === undefined) throw new KubeError(404, 'NotFound', 'no Lease')
    return this.lease
  }

  write(by: string, body: JsonRecord, isNew: boolean): JsonRecord {
    if (isNew && this.lease !== undefined) throw new KubeError(409, 'AlreadyExists', 'a Lease')
    const metadata = body['metadata'] as JsonRecord
    if (!isNew && metadata['resourceVersion'] !== (this.read()['metadata'] as JsonRecord)['resourceVersion'])
      throw new KubeError(409, 'Conflict', 'another Lease')
    const { holderIdentity } = body['spec'] as JsonRecord
    this.writes.push({ by, at: this.#clock.now(), holder: holderIdentity })
    return (this.lease = { ...body, metadata: { ...metadata, resourceVersion: String(++this.#version) } })
  }
}

/** A process that takes part: it can be held, as by SIGSTOP, and its way to the API server can be slow or cut. */
export class Participant {
  readonly name: string
  readonly #table: LeaseTable
  readonly #time: FakeClock
  #held: (() => void)[] | undefined
  /** Milliseconds to the server, and as many back. */
  delay = 1
  cut = false

  constructor(name: string, table: LeaseTable, time: FakeClock) {
    this.name = name
    this.#table = table
    this.#time = time
  }

  /** It runs, and hears of the server at once: what is there it has seen one retry later. */
  get isAwake(): boolean {
    return this.#held === undefined && !this.cut && this.delay === 1
  }

  hold(): void {
    this.#held ??= []
  }

  release(): void {
    const held = this.#held ?? []
    this.#held = undefined
    for (const call of held) call()
  }

  /** Time goes on for a process that is held; only nothing in it happens. */
  get clock(): Clock {
    return {
      now: () => this.#time.now(),
      wall: () => this.#time.wall(),
      every: (ms, call) => this.#time.every(ms, call),
      after: (ms, call) => {
        let cancelled = false
        const cancel = this.#time.after(ms, () => this.#when(() => cancelled || call()))
        return () => {
          cancelled = true
          cancel()
        }
      },
    }
  }

  get client(): LeaseClient {
    return {
      get: (_resource, _name, signal) => this.#ask(() => this.#table.read(), signal),
      create: (_resource, _namespace, body, signal) =>
        this.#ask(() => this.#table.write(this.name, body, true), signal),
      update: (_resource, _name, body, signal) => this.#ask(() => this.#table.write(this.name, body, false), signal),
    }
  }

  #when(call: () => void): void {
    if (this.#held === undefined) call()
    else this.#held.push(call)
  }

  /** There, done, and back; the signal ends the waiting, not what was sent. */
  #ask<T>(done: () => T, signal: AbortSignal): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    signal.addEventListener('abort', () => reject(new Error('aborted')))
    const lost = new KubeError(0, 'Unreachable', 'cut')
    this.#time.after(this.delay, () => {
      const answer = this.cut ? () => reject(lost) : outcomeOf(done, resolve, reject)
      this.#time.after(this.delay, () => this.#when(answer))
    })
    return promise
  }
}

function outcomeOf<T>(done: () => T, resolve: (value: T) => void, reject: (error: unknown) => void): () => void {
  try {
    const value = done()
    return () => resolve(value)
  } catch (error) {
    return () => reject(error)
  }
}
