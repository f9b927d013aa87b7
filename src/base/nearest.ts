/** How many letters have to be put in, left out, changed, or swapped with their neighbour to make `b` of `a`. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at)
  let last: readonly number[] = []
  for (let from = 0; from < a.length; from++) {
    const next = [from + 1]
    for (let at = 1; at <= b.length; at++) {
      const changed = (row[at - 1] ?? 0) + (a[from] === b[at - 1] ? 0 : 1)
      const isSwapped = a[from] === b[at - 2] && a[from - 1] === b[at - 1]
      const swapped = isSwapped ? (last[at - 2] ?? Infinity) + 1 : Infinity
      next.push(Math.min((row[at] ?? 0) + 1, (next[at - 1] ?? 0) + 1, changed, swapped))
    }
    last = row
    row = next
  }
  return row[b.length] ?? 0
}

/** Longer words are not looked for: the work grows with the square of the length. */
const longestWord = 64
/** Among more candidates nothing is looked for: thousands of wrong names beside thousands of right ones must stay cheap. */
const mostCandidates = 200

/** The candidate that was probably meant; undefined if none is near. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined
  let least = Math.max(1, Math.floor(word.length / 3)) + 1
  if (word.length > longestWord) return undefined
  let looked = 0
  for (const candidate of candidates) {
    if (++looked > mostCandidates) return undefined
    if (Math.abs(candidate.length - word.length) >= least) continue
    const letters = distance(word, candidate)
    if (letters >= least) continue
    least = letters
    best = candidate
  }
  return best
}
