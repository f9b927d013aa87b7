export interface Difference<T> {
  /** In the first list alone. */
  readonly gone: readonly T[]
  /** In the second list alone. */
  readonly fresh: readonly T[]
}

/** What two lists do not share, by identity. No list holds an element twice. Cheap where most stand where they stood. */
export function differenceOf<T>(before: readonly T[], after: readonly T[]): Difference<T> {
  if (before === after) return { gone: [], fresh: [] }
  const [left, come] = [elsewhere(before, after), elsewhere(after, before)]
  const [allLeft, allCome] = [new Set(left), new Set(come)]
  return {
    gone: left.filter((element) => !allCome.has(element)),
    fresh: come.filter((element) => !allLeft.has(element)),
  }
}

/** What does not stand at the same place in the other list. A loop, since it runs over all objects at each change. */
function elsewhere<T>(list: readonly T[], other: readonly T[]): T[] {
  const found: T[] = []
  for (let at = 0; at < list.length; at++) {
    const element = list[at]
    if (element !== undefined && element !== other[at]) found.push(element)
  }
  return found
}
