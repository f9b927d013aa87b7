import { differenceOf } from './difference.ts'
import type { Difference } from './difference.ts'

/** With what the list before did not have, and what it had alone. */
export interface Grouped<T> extends Difference<T> {
  /** As they are until the next list. */
  readonly groups: ReadonlyMap<string, readonly T[]>
  /** The keys of groups that are others than in the list before, or are gone. */
  readonly changed: ReadonlySet<string>
}

const none: ReadonlySet<string> = new Set()

/**
 * The elements of one list after another, grouped by the keys that each has. From one list to the next only what differs
 * is regrouped: a group in which nothing changed stays the same list.
 */
export class Groups<T> {
  readonly #keysOf: (element: T) => Iterable<string>
  readonly #compare: ((a: T, b: T) => number) | undefined
  #elements: readonly T[] = []
  readonly #groups = new Map<string, readonly T[]>()

  /** An element has each of its keys once; `compare` orders a group, and is left out where order means nothing. */
  constructor(keysOf: (element: T) => Iterable<string>, compare?: (a: T, b: T) => number) {
    this.#keysOf = keysOf
    this.#compare = compare
  }

  update(elements: readonly T[]): Grouped<T> {
    const { gone, fresh } = differenceOf(this.#elements, elements)
    this.#elements = elements
    if (gone.length + fresh.length === 0) return { groups: this.#groups, changed: none, gone, fresh }
    const added = this.#byKey(fresh)
    const changed = new Set([...added.keys(), ...this.#byKey(gone).keys()])
    this.#regroup(changed, new Set(gone), added)
    return { groups: this.#groups, changed, gone, fresh }
  }

  #byKey(elements: readonly T[]): Map<string, T[]> {
    const groups = new Map<string, T[]>()
    for (const element of elements) {
      for (const key of this.#keysOf(element)) {
        const group = groups.get(key)
        if (group === undefined) groups.set(key, [element])
        else group.push(element)
      }
    }
    return groups
  }

  #regroup(changed: ReadonlySet<string>, gone: ReadonlySet<T>, added: ReadonlyMap<string, readonly T[]>): void {
    for (const key of changed) {
      const stayed = (this.#groups.get(key) ?? []).filter((element) => !gone.has(element))
      const group = [...stayed, ...(added.get(key) ?? [])]
      if (group.length > 0) this.#groups.set(key, this.#compare === undefined ? group : group.toSorted(this.#compare))
      else this.#groups.delete(key)
    }
  }
}
