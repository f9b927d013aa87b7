export interface Difference<T> {
  /** In the first list alone. */
  readonly gone: readonly T[]
  /** In the second list alone. */
  readonly fresh: readonly T[]
}

/** What two lists do not share, by identity. No list holds an element twice. Cheap where most stand where they stood. */
export function differenceOf<T>(before: readonly T[], after: readonly T[]): Difference<T> {
  if (before === after) return { gone: [], fresh: [] }
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
