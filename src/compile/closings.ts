import { normalRulePath, prefixKey } from '../route/index.ts'
import type { Candidate } from './candidate.ts'
import type { Contribution } from './contribution.ts'

/** A path of an Ingress. */
type PlacedPath = Pick<Candidate, 'contribution' | 'path'>

/** Of the expressions of an Ingress that have one plain beginning, those that ingress-nginx would ask first. */
interface Closing {
  readonly expression: string
  /** Of those that match just the beginning too. */
  readonly withoutSlash: string
}

/** Where so many elements of a path lead. */
class Place {
  readonly below = new Map<string, Place>()
  readonly closings = new Map<Contribution, Closing>()
}

/**
 * The guarded regular expressions of a host that are not served: with the rules that ingress-nginx would have asked after
 * them they close what could be a way around the guard. Only rules of the same namespace are closed: what another tenant
 * serves is none, and no tenant closes the rules of another. Kept by the elements of their plain beginnings, so that a
 * rule looks at those above it alone.
 */
export class Closings {
  readonly #root = new Place()
  readonly #isEmpty: boolean

  constructor(all: readonly PlacedPath[]) {
    const closing = all.filter(({ path }) => path.expression !== undefined)
    this.#isEmpty = closing.length === 0
    for (const placed of closing) this.#add(placed)
  }

  /** The guards that close a rule although its own Ingress may have none of them. */
  guardsAround({ contribution, path: { path, pathType } }: PlacedPath): ReadonlySet<string> {
    const guards = new Set<string>()
    if (this.#isEmpty) return guards
    const plain = normalRulePath(path === '' ? '/' : path)
    for (const [place, isLast] of this.#placesAbove(plain)) {
      for (const [other, { expression, withoutSlash }] of place.closings) {
        const asked = isLast && pathType === 'Exact' ? withoutSlash : expression
        if (namespaceOf(other) !== namespaceOf(contribution) || !isAskedBefore(asked, plain)) continue
        for (const guard of other.effects.unservedGuards) guards.add(guard)
      }
    }
    return guards
  }

  #add({ contribution, path: { path, expression = '' } }: PlacedPath): void {
    const elements = prefixKey(normalRulePath(path)).split('/').slice(1)
    const { closings } = elements.reduce(placeBelow, this.#root)
    const known = closings.get(contribution) ?? { expression: '', withoutSlash: '' }
    const withoutSlash = slashIsOptional(expression, path) ? expression : ''
    closings.set(contribution, {
      expression: firstAsked(known.expression, expression),
      withoutSlash: firstAsked(known.withoutSlash, withoutSlash),
    })
  }

  /** From the root on, with whether it is the place of the path itself. */
  *#placesAbove(path: string): Generator<readonly [Place, isLast: boolean]> {
    const elements = path.split('/').slice(1)
    let place: Place | undefined = this.#root
    yield [place, false]
    for (const [at, element] of elements.entries()) {
      place = place.below.get(element)
      if (place === undefined) return
      yield [place, at === elements.length - 1]
    }
  }
}

function placeBelow(place: Place, element: string): Place {
  const known = place.below.get(element) ?? new Place()
  place.below.set(element, known)
  return known
}

/** The longer text; of two equally long, the one that sorts last. Codes in a plain one do not make it longer. */
function isAskedBefore(text: string, other: string): boolean {
  return text.length === other.length ? text > other : text.length > other.length
}

function firstAsked(one: string, other: string): string {
  return isAskedBefore(one, other) ? one : other
}

/** A slash follows the plain beginning of an expression: only where that may be left out does it match just the beginning. */
function slashIsOptional(expression: string, path: string): boolean {
  return /^\/[?*{|]/.test(expression.slice(prefixKey(path).length))
}

function namespaceOf({ ingress }: Contribution): string {
  return ingress.ref.namespace
}
