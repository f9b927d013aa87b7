import { diagnose } from '../model/index.ts'
import type { Diagnostic } from '../model/index.ts'
import { prefixKey } from '../route/index.ts'
import type { Candidate } from './candidate.ts'

/** A rule at its place in the order of declaration. */
interface Placed {
  readonly candidate: Candidate
  readonly place: number
  readonly key: string
}

/**
 * Notes each path for which a controller that takes the first match in order of declaration would have answered
 * differently: a rule that is listed earlier in the same Ingress, and less specific, leads elsewhere.
 */
export function declarationOrder(winners: readonly Candidate[]): Diagnostic[] {
  const byIngress = Map.groupBy(winners, ({ contribution }) => contribution.name)
  const earlier = new Map([...byIngress.values()].flatMap((listed) => earlierRules(listed)))
  return winners.flatMap((candidate) => {
    const taken = earlier.get(candidate)
    return taken === undefined ? [] : [noteOn(candidate, taken)]
  })
}

/**
 * Rules that a first match would never come to, each with the longest of those before it that would take its requests. In
 * the order of their keys whatever covers a path stands before it, with nothing between but what is covered too.
 */
function earlierRules(listed: readonly Candidate[]): (readonly [Candidate, Candidate])[] {
  const sorted = listed
    .map((candidate, place): Placed => ({ candidate, place, key: keyOf(candidate) }))
    .toSorted((a, b) => (a.key === b.key ? a.place - b.place : a.key < b.key ? -1 : 1))
  /** Prefixes that cover the one that is looked at, each covering the next. */
  const above: Placed[] = []
  return sorted.flatMap((placed) => {
    while (above.length > 0 && !placed.key.startsWith(above.at(-1)?.key ?? '')) above.pop()
    const found = above.findLast((other) => wouldTake(other, placed))
    if (placed.candidate.route.match.kind === 'prefix') above.push(placed)
    return found === undefined ? [] : [[placed.candidate, found.candidate] as const]
  })
}

function wouldTake(other: Placed, placed: Placed): boolean {
  return other.place < placed.place && other.candidate.route.end !== placed.candidate.route.end
}

/** Elements, each with its end: `/a/` covers `/a/b/`, and not `/a-b/`. */
function keyOf({ route }: Candidate): string {
  return `${prefixKey(route.match.path)}/`
}

function noteOn({ path, contribution }: Candidate, earlier: Candidate): Diagnostic {
  const place = { object: contribution.ingress.ref, field: `${path.field}.path` }
  return diagnose('DeclarationOrder', place, {
    message: `"${path.path}" is asked before "${earlier.path.path || '/'}", although it is listed after it`,
    hint: 'The longest path decides here; a controller that takes the first match would never come to this one.',
  })
}
