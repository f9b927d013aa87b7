import { SharedMap } from './shared-map.ts'

type Changed<V> = Generator<[key: string, value: V | undefined]>

/**
 * What turns one map into another, by identity: entries that are new or others, and with undefined those that are gone.
 * What two versions of a `SharedMap` share is passed over.
 */
export function* changedEntries<V extends object>(
  before: ReadonlyMap<string, V>,
  after: ReadonlyMap<string, V>,
): Changed<V> {
  if (before instanceof SharedMap && after instanceof SharedMap) {
    // A loop over numbers: it runs at each change, and mostly over parts that are shared.
    for (let at = 0; at < after.parts.length; at++) {
      const [old, part] = [before.parts[at], after.parts[at]]
      if (old !== undefined && part !== undefined && old !== part) yield* changedIn(old, part)
    }
  } else if (before !== after) yield* changedIn(before, after)
}

function* changedIn<V>(before: ReadonlyMap<string, V>, after: ReadonlyMap<string, V>): Changed<V> {
  for (const [key, value] of after) if (before.get(key) !== value) yield [key, value]
  for (const key of before.keys()) if (!after.has(key)) yield [key, undefined]
}
