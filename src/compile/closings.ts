import { normalRulePath, prefixKey } from '../route/index.ts'
import type { Contribution } from './contribution.ts'
import type { IngressPath } from './kinds/index.ts'

/** A path of an Ingress. */
interface PlacedPath {
  readonly contribution: Contribution
  readonly path: IngressPath
}

/**
 * The guards that close a rule although its own Ingress has none of them: those of regular expressions that are not
 * served, and that ingress-nginx would have asked first, as the longer text. Only rules of the same namespace are closed:
 * what another tenant serves is no way around the guard, and no tenant closes the rules of another.
 */
export function guardsAround(rule: PlacedPath, all: readonly PlacedPath[]): string[] {
  return all.flatMap((other) => (closes(other, rule) ? other.contribution.effects.unservedGuards : []))
}

function closes({ contribution, path: { path, expression } }: PlacedPath, rule: PlacedPath): boolean {
  if (expression === undefined || expression.length <= rule.path.path.length) return false
  return namespaceOf(contribution) === namespaceOf(rule.contribution) && couldMatch(prefixKey(path), rule.path)
}

/** An expression goes on behind its plain beginning, so it does not match just that. */
function couldMatch(beginning: string, { path, pathType }: IngressPath): boolean {
  const key = prefixKey(normalRulePath(path === '' ? '/' : path))
  return key.startsWith(`${beginning}/`) || (key === beginning && pathType !== 'Exact')
}

function namespaceOf({ ingress }: Contribution): string {
  return ingress.ref.namespace
}
