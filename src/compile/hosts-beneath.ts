import { wildcardAbove } from './wildcard-above.ts'

const none: ReadonlySet<string> = new Set()

/** Which exact hosts there are beneath each wildcard: what becomes of it concerns them too. */
export class HostsBeneath {
  readonly #beneath = new Map<string, Set<string>>()

  of(host: string): ReadonlySet<string> {
    return this.#beneath.get(host) ?? none
  }

  note(host: string, isThere: boolean): void {
    const above = wildcardAbove(host)
    if (above === undefined) return
    const beneath = this.#beneath.get(above) ?? new Set()
    if (isThere) this.#beneath.set(above, beneath.add(host))
    else if (beneath.delete(host) && beneath.size === 0) this.#beneath.delete(above)
  }
}
