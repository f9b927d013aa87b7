import type { StatusWrite } from './plan-statuses.ts'

/** Somebody else takes away what we write: it is written again after a minute, and then ever later. */
const firstTruce = 60_000
const longestTruce = 3_600_000

/** What became of writes to one Ingress. */
interface Entry {
  /** The version that was written to: until another one is heard of, there is nothing to add. */
  tried: string
  /** Not before this time, whatever the version is. */
  notBefore: number
  /** Our entries that it was given last. */
  given: string | undefined
  truces: number
}

/** Says which planned writes are due: none twice to one version, and no war with a controller that wants other entries. */
export class WriteLedger {
  #entries = new Map<string, Entry>()

  due(plan: readonly StatusWrite[], now: number): StatusWrite[] {
    return plan.filter((write) => {
      const entry = this.#entries.get(write.uid)
      if (entry === undefined) return true
      if (entry.tried === write.revision) return entry.notBefore > 0 && entry.notBefore <= now
      if (entry.given === write.own) this.#makeTruce(entry, write, now)
      return entry.notBefore <= now
    })
  }

  /** The server has it, or has another version of the object, or none. */
  done(write: StatusWrite, given: boolean): void {
    const held = this.#entries.get(write.uid)
    this.#entries.set(write.uid, {
      tried: write.revision,
      notBefore: 0,
      given: given ? write.own : held?.given,
      truces: held?.truces ?? 0,
    })
  }

  /** The server does not want it. */
  refused(write: StatusWrite, until: number): void {
    const held = this.#entries.get(write.uid)
    this.#entries.set(write.uid, {
      tried: write.revision,
      notBefore: until,
      given: held?.given,
      truces: held?.truces ?? 0,
    })
  }

  /** Keeps what concerns these objects. */
  keep(uids: ReadonlySet<string>): void {
    if (this.#entries.size > uids.size) this.#entries = new Map([...this.#entries].filter(([uid]) => uids.has(uid)))
  }

  /** When the next write is due that is not due now; undefined: when another version is heard of. */
  next(plan: readonly StatusWrite[], now: number): number | undefined {
    const times = plan.map(({ uid }) => this.#entries.get(uid)?.notBefore ?? 0).filter((time) => time > now)
    const next = times.reduce((first, time) => Math.min(first, time), Infinity)
    return next === Infinity ? undefined : next - now
  }

  #makeTruce(entry: Entry, { revision }: StatusWrite, now: number): void {
    entry.tried = revision
    entry.given = undefined
    entry.notBefore = now + Math.min(longestTruce, firstTruce * 2 ** entry.truces)
    entry.truces++
  }
}
