import { partOf, partsOf, SharedMap } from './shared-map.ts'

/** The next version of a map, under construction. As long as nothing really changes it is that map itself. */
export class NextMap<V extends object> {
  #map: ReadonlyMap<string, V>
  #size: number
  /** Undefined if nothing has changed since the map was made. */
  #parts: ReadonlyMap<string, V>[] | undefined
  /** Those that were made for this version. */
  readonly #own = new Map<number, Map<string, V>>()

  constructor(map: ReadonlyMap<string, V>) {
    this.#map = map
    this.#size = map.size
  }

  /** With all changes so far; it stays as it is when others follow. */
  get map(): ReadonlyMap<string, V> {
    if (this.#parts !== undefined) this.#map = new SharedMap(this.#parts, this.#size)
    this.#parts = undefined
    this.#own.clear()
    return this.#map
  }

  /** Undefined takes the entry out. */
  put(key: string, value: V | undefined): void {
    const at = partOf(key)
    const held = this.#parts === undefined ? this.#map.get(key) : this.#parts[at]?.get(key)
    if (held === value) return
    const part = this.#ownPart(at)
    this.#size -= part.size
    if (value === undefined) part.delete(key)
    else part.set(key, value)
    this.#size += part.size
  }

  #ownPart(at: number): Map<string, V> {
    this.#parts ??= [...partsOf(this.#map)]
    const part = this.#own.get(at) ?? new Map(this.#parts[at])
    this.#own.set(at, part)
    this.#parts[at] = part
    return part
  }
}
