export interface Difference<T> {
  /** In the first list alone. */
  readonly gone: readonly T[]
  /** In the second list alone. */
  readonly fresh: readonly T[]
}

/** Of a list that `exchange()` has made. */
interface Origin {
  readonly list: readonly unknown[]
  readonly exchanges: ReadonlyMap<unknown, unknown>
}

const origins = new WeakMap<readonly unknown[], Origin>()

/**
 * The list with others, which it lacks, in the place of some of its elements. How the two differ is known then, so that a
 * change of one object costs nobody a look at all of them.
 */
export function exchange<T>(list: readonly T[], exchanges: ReadonlyMap<T, T>): readonly T[] {
  const next = [...list]
  for (const [gone, fresh] of exchanges) next[next.indexOf(gone)] = fresh
  // Or the newest list would keep all earlier ones alive.
  origins.delete(list)
  origins.set(next, { list, exchanges })
  return next
}

/** What two lists do not share, by identity. No list holds an element twice. Cheap where most stand where they stood. */
export function differenceOf<T>(before: readonly T[], after: readonly T[]): Difference<T> {
  if (before === after) return { gone: [], fresh: [] }
  const origin = origins.get(after)
  if (origin?.list === before) return exchangedBy(origin)
  const [left, come]: [T[], T[]] = [[], []]
  // A loop, since it runs over all objects at each change.
  for (let at = 0; at < before.length || at < after.length; at++) {
    const one = before[at]
    const other = after[at]
    if (one === other) continue
    if (one !== undefined) left.push(one)
    if (other !== undefined) come.push(other)
  }
  const [allLeft, allCome] = [new Set(left), new Set(come)]
  return {
    gone: left.filter((element) => !allCome.has(element)),
    fresh: come.filter((element) => !allLeft.has(element)),
  }
}

function exchangedBy<T>({ exchanges }: Origin): Difference<T> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- they are elements of the two lists
  return { gone: [...exchanges.keys()] as T[], fresh: [...exchanges.values()] as T[] }
}
