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
  if (expression === undefined || namespaceOf(contribution) !== namespaceOf(rule.contribution)) return false
  const plain = normalRulePath(rule.path.path === '' ? '/' : rule.path.path)
  if (!isAskedFirst(expression, plain)) return false
  const beginning = prefixKey(normalRulePath(path))
  if (plain.startsWith(`${beginning}/`)) return true
  return plain === beginning && (rule.path.pathType !== 'Exact' || slashIsOptional(expression, path))
}

/** The longer text; of two equally long, the one that sorts last. Codes in the plain one do not make it longer. */
function isAskedFirst(expression: string, plain: string): boolean {
  return expression.length === plain.length ? expression > plain : expression.length > plain.length
}

/** A slash follows the plain beginning of an expression: only where that may be left out does it match just the beginning. */
function slashIsOptional(expression: string, path: string): boolean {
  return /^\/[?*{|]/.test(expression.slice(prefixKey(path).length))
}

function namespaceOf({ ingress }: Contribution): string {
  return ingress.ref.namespace
}
