const count = 256
const none = new Map<string, never>()

/**
 * A map that never changes, kept in parts by a hash of the key. The next version of it, which a `NextMap` makes, has parts
 * of its own where something differs and shares all others: neither making nor comparing versions looks at what did not
 * change. The order of its entries means nothing.
 */
export class SharedMap<V> implements ReadonlyMap<string, V> {
  readonly parts: readonly ReadonlyMap<string, V>[]
  readonly size: number

  /** `size` is that of all parts together. */
  constructor(parts: readonly ReadonlyMap<string, V>[], size: number) {
    this.parts = parts
    this.size = size
  }

  get(key: string): V | undefined {
    return this.parts[partOf(key)]?.get(key)
  }

  has(key: string): boolean {
    return this.parts[partOf(key)]?.has(key) === true
  }

  *entries(): Generator<[string, V], undefined> {
    for (const part of this.parts) yield* part
  }

  *keys(): Generator<string, undefined> {
    for (const part of this.parts) yield* part.keys()
  }

  *values(): Generator<V, undefined> {
    for (const part of this.parts) yield* part.values()
  }

  [Symbol.iterator](): Generator<[string, V], undefined> {
    return this.entries()
  }

  forEach(each: (value: V, key: string, map: ReadonlyMap<string, V>) => void): void {
    for (const [key, value] of this) each(value, key, this)
  }
}

/** The parts of any map, as a `SharedMap` has them. */
export function partsOf<V>(map: ReadonlyMap<string, V>): readonly ReadonlyMap<string, V>[] {
  if (map instanceof SharedMap) return map.parts
  const groups = Map.groupBy(map, ([key]) => partOf(key))
  return Array.from({ length: count }, (_, at) => (groups.has(at) ? new Map(groups.get(at)) : none))
}

/** The upper bits of FNV-1a: every character of the key tells on them. */
export function partOf(key: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < key.length; at++) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193)
  return hash >>> 24
}
