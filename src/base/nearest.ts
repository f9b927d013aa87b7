/** How many letters have to be put in, left out, changed or swapped with their neighbour to make `b` of `a`. */
function distance(a: string, b: string): number {
  let before: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const least = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (same ? 0 : 1))
      next[j] = swapped ? Math.min(least, (before[j - 2] ?? 0) + 1) : least
    }
    before = row
    row = next
  }
  return row[b.length] ?? 0
}

const longestWord = 64

/** The candidate that was probably meant; undefined if none is near. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined
  let least = Math.max(1, Math.floor(word.length / 3)) + 1
  if (word.length > longestWord) return undefined
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) >= least) continue
    const letters = distance(word, candidate)
    if (letters >= least) continue
    least = letters
    best = candidate
  }
  return best
}
