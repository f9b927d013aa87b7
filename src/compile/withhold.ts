import { diagnose } from '../model/index.ts'
import type { Diagnostic } from '../model/index.ts'
import type { IngressObject, IngressPath } from './kinds/index.ts'
import type { ReadAnnotations } from './read-annotations.ts'

const annotation = 'metadata.annotations.nginx.ingress.kubernetes.io/'
const rewriteTarget = 'nginx.ingress.kubernetes.io/rewrite-target'
/** A dot stands in many a plain path, and means little else there. */
const operators = /[\\^$|?*+()[\]{}]/
/** What is escaped, a class of characters, or what alternatives and groups are made of. */
const tokens = /\\.|\[\^?\]?(?:\\.|[^\]\\])*\]?|[()|]/gs

export interface Withheld {
  /** What is left of the Ingress. */
  readonly ingress: IngressObject
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * What would take requests that are not meant for it is not served at all. A canary takes its share, and that is none as
 * long as shares are not served: it would take all. A path that is a regular expression matches nothing that it was
 * written for; where the Ingress has guards that close its rules, all below its plain beginning is closed, since another
 * rule could be open (closings.ts).
 */
export function withhold(ingress: IngressObject, effects: ReadAnnotations): Withheld {
  if (effects.canary) return withholdAll(ingress)
  const isRegex = effects.useRegex || ingress.annotations.has(rewriteTarget)
  const isWithheld = ({ path }: IngressPath): boolean => isRegex && operators.test(path)
  const withheld = ingress.rules.flatMap(({ paths = [] }) => paths.filter(isWithheld))
  if (withheld.length === 0) return { ingress, diagnostics: [] }
  const isGuarded = effects.unservedGuards.length > 0
  const left = (path: IngressPath): readonly IngressPath[] => {
    if (!isWithheld(path)) return [path]
    return isGuarded ? [{ ...path, path: plainBeginning(path.path), pathType: 'Prefix', expression: path.path }] : []
  }
  const rules = ingress.rules.map((rule) => ({ ...rule, paths: rule.paths?.flatMap(left) }))
  return { ingress: { ...ingress, rules }, diagnostics: withheld.map((path) => regexPath(ingress, path, isGuarded)) }
}

function withholdAll(ingress: IngressObject): Withheld {
  const text = {
    message: 'a canary takes no requests yet: all of them go to the Ingress that it stands beside',
    hint: 'Keep the canary where it is served, or set it to "false" if this Ingress is to take all requests.',
  }
  const place = { object: ingress.ref, field: `${annotation}canary` }
  return {
    ingress: { ...ingress, defaultBackend: undefined, rules: [], tls: [] },
    diagnostics: [diagnose('CanaryNotServed', place, text)],
  }
}

/** The elements before the first one with an operator: what all that it matches begins with. */
function plainBeginning(path: string): string {
  if (hasAlternatives(path)) return '/'
  const plain = path.slice(0, path.search(operators))
  return plain.slice(0, plain.lastIndexOf('/')) || '/'
}

/** Whether one stands outside of parentheses: `/a/b|/c` matches what does not begin with `/a`. */
function hasAlternatives(path: string): boolean {
  let depth = 0
  for (const [token] of path.matchAll(tokens)) {
    if (token === '|' && depth === 0) return true
    if (token === '(') depth++
    else if (token === ')') depth--
  }
  return false
}

function regexPath({ ref }: IngressObject, { field, path }: IngressPath, isGuarded: boolean): Diagnostic {
  const instead = isGuarded
    ? `its guards close all below ${plainBeginning(path)}, which answers 503`
    : 'other rules take its requests, or they answer 404'
  const text = {
    message: `"${path}" is a regular expression, which is not served yet: ${instead}`,
    hint: 'Write a plain path, or keep this Ingress where it is served.',
  }
  return diagnose('RegexNotServed', { object: ref, field: `${field}.path` }, text)
}
