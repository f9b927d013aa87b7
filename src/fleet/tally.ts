import { countSlots } from '../model/index.ts'
import type { CountsMessage, OpenConnections, WorkerFacts } from '../model/index.ts'
import type { Link } from './link.ts'

const none: OpenConnections = { http: 0, https: 0 }

/** Adds up what the processes of one worker tell, so that the death of one never makes a total fall. */
export class Tally {
  readonly #id: number
  readonly #totals = new Float64Array(countSlots.length)
  #link: Link | undefined
  #begun = 0
  #open = none

  constructor(id: number) {
    this.#id = id
  }

  begin(link: Link): void {
    this.#begun++
    this.#link = link
    this.#open = none
  }

  /** The news of a predecessor may come after its successor has begun. */
  add(link: Link, { more, open }: CountsMessage): void {
    for (let at = 0; at + 1 < more.length; at += 2) {
      const slot = more[at] ?? 0
      this.#totals[slot] = (this.#totals[slot] ?? 0) + (more[at + 1] ?? 0)
    }
    if (link === this.#link) this.#open = open
  }

  end(link: Link): void {
    if (link !== this.#link) return
    this.#link = undefined
    this.#open = none
  }

  get facts(): WorkerFacts {
    const serving = this.#link?.serving === true
    return { id: this.#id, serving, restarts: this.#begun - 1, open: this.#open, totals: this.#totals }
  }
}
