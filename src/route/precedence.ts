import type { Route } from '../model/index.ts'

/** The key under which prefixes that cover the same elements meet: `/foo` and `/foo/` are one. */
export function prefixKey(path: string): string {
  return path.endsWith('/') ? path.slice(0, -1) : path
}

/** A slash begins each, but one at the end begins none. The path is not split: this is asked at each step of a sort. */
function elementCount(path: string): number {
  let count = path.endsWith('/') ? -1 : 0
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) count++
  return count
}

/**
 * Orders the rules of one host, first the one that is asked first: exact before prefix, more elements before fewer, the
 * longer text before the shorter, a declared Prefix before an equal ImplementationSpecific. Equal rules compare as 0:
 * whoever sorts puts the winner of a conflict first.
 */
export function comparePrecedence(a: Route, b: Route): number {
  if (a.match.kind !== b.match.kind) return a.match.kind === 'exact' ? -1 : 1
  return (
    elementCount(b.match.path) - elementCount(a.match.path) ||
    b.match.path.length - a.match.path.length ||
    (a.match.path < b.match.path ? -1 : Number(a.match.path > b.match.path)) ||
    Number(a.rule.pathType === 'ImplementationSpecific') - Number(b.rule.pathType === 'ImplementationSpecific')
  )
}

/** Whether a rule matches a path in normal form, by the definition (Exact: the same octets; Prefix: leading elements). */
export function matches(route: Route, path: string): boolean {
  if (route.match.kind === 'exact') return route.match.path === path
  const key = prefixKey(route.match.path)
  const asked = prefixKey(path)
  return asked === key || asked.startsWith(`${key}/`)
}
