/** `after`, or `before` if it holds the very same values: then what follows from it need not be asked again. */
export function sameMap<V>(before: ReadonlyMap<string, V>, after: ReadonlyMap<string, V>): ReadonlyMap<string, V> {
  if (before.size !== after.size) return after
  for (const [key, value] of after) if (before.get(key) !== value || !before.has(key)) return after
  return before
}
