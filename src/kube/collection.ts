import { exchange } from '../base/index.ts'
import type { SourceObject } from '../model/index.ts'
import { isNewer, isOlder } from './resource-version.ts'

const mostBuried = 1_000

/** How an event sits with what is held: `odd` says that the stream cannot be trusted to have told everything. */
export type Taken = 'changed' | 'same' | 'odd'

/**
 * The objects of one collection as they were last heard of. It is keyed by name, UID and version: what is older than
 * what is held changes nothing, and an object that did not change stays the same object.
 */
export class Collection {
  #objects: Map<string, SourceObject> = new Map()
  /** As it was last asked for; undefined: the next one is made anew. */
  #list: readonly SourceObject[] | undefined
  /** What has been put since then in the place of what stands in that list, by key. */
  readonly #exchanged = new Map<string, SourceObject>()
  /** By UID, the versions at which objects left since the last list: a late event must not bring one back. */
  readonly #deleted = new Map<string, string>()

  list(): readonly SourceObject[] {
    this.#list = this.#list === undefined ? [...this.#objects.values()] : this.#exchange(this.#list)
    this.#exchanged.clear()
    return this.#list
  }

  /** An object stands where its last version stood. */
  #exchange(list: readonly SourceObject[]): readonly SourceObject[] {
    if (this.#exchanged.size === 0) return list
    return exchange(list, new Map([...this.#exchanged].map(([key, held]) => [held, this.#objects.get(key) ?? held])))
  }

  /** Whether a list lacks more than half of what is held, be it one object, so that it has to be confirmed. */
  lacksMost(listed: readonly SourceObject[]): boolean {
    const names = new Set(listed.map(keyOf))
    const missing = [...this.#objects.keys()].filter((key) => !names.has(key)).length
    return missing * 2 > this.#objects.size
  }

  /** Takes a list for the truth; answers whether anything differs. */
  replace(listed: readonly SourceObject[]): boolean {
    const before = this.#objects
    const next = new Map(
      listed.map((object) => {
        const held = before.get(keyOf(object))
        return [keyOf(object), held !== undefined && isSame(held, object) ? held : object]
      }),
    )
    const changed = next.size !== before.size || [...next].some(([key, object]) => before.get(key) !== object)
    this.#deleted.clear()
    if (!changed) return false
    this.#objects = next
    this.#list = undefined
    return true
  }

  put(object: SourceObject): Taken {
    const held = this.#objects.get(keyOf(object))
    const buried = this.#deleted.get(object.uid)
    // What leaves a selection and comes again is the same object, later.
    if (buried !== undefined && !isNewer(object.revision, buried)) return 'odd'
    if (held !== undefined && isSame(held, object)) return 'same'
    if (held !== undefined && isOlder(object.revision, held.revision)) return 'odd'
    this.#objects.set(keyOf(object), object)
    if (held === undefined) this.#list = undefined
    else if (!this.#exchanged.has(keyOf(object))) this.#exchanged.set(keyOf(object), held)
    return 'changed'
  }

  /** Another one of the same name may have come before the news of its end. */
  remove(object: SourceObject): Taken {
    const held = this.#objects.get(keyOf(object))
    this.#bury(object)
    if (held === undefined) return 'same'
    if (held.uid !== object.uid) return isNewer(held.revision, object.revision) ? 'same' : 'odd'
    this.#objects.delete(keyOf(object))
    this.#list = undefined
    return 'changed'
  }

  #bury({ uid, revision }: SourceObject): void {
    this.#deleted.delete(uid)
    this.#deleted.set(uid, revision)
    const [oldest] = this.#deleted.keys()
    if (this.#deleted.size > mostBuried && oldest !== undefined) this.#deleted.delete(oldest)
  }
}

function keyOf({ ref }: SourceObject): string {
  return `${ref.namespace}/${ref.name}`
}

function isSame(a: SourceObject, b: SourceObject): boolean {
  return a.uid === b.uid && a.revision === b.revision
}
