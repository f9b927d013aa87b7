import type { Diagnostic, ObjectRef, Severity } from '../model/index.ts'
import { mostFound } from './decode.ts'

const ranks: Readonly<Record<Severity, number>> = { error: 0, warning: 1, note: 2 }

interface Limited {
  readonly all: readonly Diagnostic[]
  readonly kept: readonly Diagnostic[]
}

/**
 * Leaves out what is found in one object beyond what anybody reads, and keeps the worst: an object with thousands of
 * faults does not fill the log at each of its edits.
 */
export class FindingsLimit {
  readonly #limited = new WeakMap<ObjectRef, Limited>()

  limit(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
    const counts = new Map<ObjectRef, number>()
    for (const { object } of diagnostics) counts.set(object, (counts.get(object) ?? 0) + 1)
    const beyond = new Set([...counts].flatMap(([object, count]) => (count > mostFound ? [object] : [])))
    if (beyond.size === 0) return diagnostics
    const others = diagnostics.filter(({ object }) => !beyond.has(object))
    const many = Map.groupBy(
      diagnostics.filter(({ object }) => beyond.has(object)),
      ({ object }) => object,
    )
    return [...others, ...[...many].flatMap(([object, all]) => this.#keep(object, all))]
  }

  /** Chosen once as long as the same is found. */
  #keep(object: ObjectRef, all: readonly Diagnostic[]): readonly Diagnostic[] {
    const last = this.#limited.get(object)
    if (last?.all.length === all.length && last.all.every((one, at) => one === all[at])) return last.kept
    const kept = all.toSorted(compareFindings).slice(0, mostFound)
    this.#limited.set(object, { all, kept })
    return kept
  }
}

/** A total order, so that it does not matter in which one they were found. */
function compareFindings(a: Diagnostic, b: Diagnostic): number {
  if (a.severity !== b.severity) return ranks[a.severity] - ranks[b.severity]
  const [one, other] = [`${a.field} ${a.code} ${a.message}`, `${b.field} ${b.code} ${b.message}`]
  return one === other ? 0 : one < other ? -1 : 1
}
