import { diagnose } from '../model/index.ts'
import type { BackendReference, Diagnostic, HostTable, Route } from '../model/index.ts'
import { comparePrecedence, prefixKey } from '../route/index.ts'
import { buildDefault, buildRoute, mannerOf } from './build-route.ts'
import type { FaultOf } from './build-route.ts'
import type { Candidate } from './candidate.ts'
import { Closings } from './closings.ts'
import { defaultReferenceOf, referenceOf } from './contribution.ts'
import type { Contribution } from './contribution.ts'
import { declarationOrder } from './declaration-order.ts'
import type { IngressRule } from './kinds/index.ts'

/** A rule for the host, of one Ingress. */
interface HostRule {
  readonly contribution: Contribution
  readonly rule: IngressRule
}

export interface MergedHost {
  readonly table: HostTable
  readonly diagnostics: readonly Diagnostic[]
}

/** What a host is merged with besides its rules. */
export interface HostCircumstances {
  readonly tls: boolean
  /** The default backend of the process. */
  readonly standard: BackendReference | undefined
  readonly faultOf: FaultOf
}

/** Merges all rules of one host into one table. `contributions` in order of age, so that who comes first wins. Pure. */
export function mergeHost(
  host: string,
  contributions: readonly Contribution[],
  circumstances: HostCircumstances,
): MergedHost {
  const [first] = contributions
  const rules = contributions.flatMap((contribution): HostRule[] =>
    (contribution.rules.get(host) ?? []).map((rule) => ({ contribution, rule })),
  )
  const { winners, diagnostics } = settleConflicts(candidatesOf(host, rules, circumstances))
  const fallback = buildFallback(host, contributions, circumstances)
  const table: HostTable = {
    host,
    owner: first?.ingress.ref.namespace ?? '',
    mergeSlashes: first?.dialect === 'ingress-nginx',
    rules: winners.map(({ route }) => route).toSorted(comparePrecedence),
    ...(fallback !== undefined && { fallback }),
  }
  const empty = fallback === undefined ? rules.filter(({ rule }) => rule.paths === undefined).map(emptyRule) : []
  return { table: Object.freeze(table), diagnostics: [...diagnostics, ...declarationOrder(winners), ...empty] }
}

/** A route for each path, before it is known which of equal ones wins. */
function candidatesOf(
  host: string,
  rules: readonly HostRule[],
  { tls, faultOf }: Pick<HostCircumstances, 'tls' | 'faultOf'>,
): Candidate[] {
  const placed = rules.flatMap(({ contribution, rule: { paths = [] } }) =>
    paths.map((path) => ({ contribution, path })),
  )
  const closings = new Closings(placed)
  return placed.map((rule) => {
    const { contribution, path } = rule
    const source = {
      manner: mannerOf(contribution),
      host,
      path: path.path,
      pathType: path.pathType,
      reference: referenceOf(contribution.ingress, path.backend),
      tls,
      guardsAround: closings.guardsAround(rule),
    }
    return { contribution, path, route: buildRoute(source, faultOf) }
  })
}

/**
 * The default backend of the oldest Ingress that has one; otherwise that of the process, in the manner of the oldest
 * Ingress, as ingress-nginx did. Without a host an Ingress without rules stands between the two.
 */
function buildFallback(
  host: string,
  contributions: readonly Contribution[],
  { tls, standard, faultOf }: HostCircumstances,
): Route | undefined {
  const [first] = contributions
  const own = contributions.find(({ ingress }) => ingress.defaultBackend !== undefined)
  if (own !== undefined) return buildDefault(mannerOf(own), host, tls, { reference: defaultReferenceOf(own), faultOf })
  if (standard === undefined || first === undefined || host === '') return undefined
  return buildDefault(mannerOf(first), host, tls, { reference: standard, faultOf })
}

/** Of rules that match the same requests, one can be asked. */
function settleConflicts(candidates: readonly Candidate[]): { winners: Candidate[]; diagnostics: Diagnostic[] } {
  const winners = new Map<string, Candidate>()
  const diagnostics: Diagnostic[] = []
  for (const candidate of candidates) {
    const { match, rule } = candidate.route
    if (/[?#]/.test(rule.path)) {
      diagnostics.push(
        neverMatches(
          candidate,
          'a path ends before "?" and "#", so no request has one',
          'Leave out the query: it takes no part in routing.',
        ),
      )
      continue
    }
    const key = `${match.kind} ${match.kind === 'exact' ? match.path : prefixKey(match.path)}`
    const winner = winners.get(key)
    if (winner === undefined) winners.set(key, candidate)
    else if (isMoreSpecific(candidate, winner)) {
      winners.set(key, candidate)
      diagnostics.push(conflict(winner, candidate))
    } else diagnostics.push(conflict(candidate, winner))
  }
  return { winners: [...winners.values()], diagnostics }
}

/** `/foo/` against `/foo`, or Prefix against an equal ImplementationSpecific: the first is asked, whoever is older. */
function isMoreSpecific(a: Candidate, b: Candidate): boolean {
  return comparePrecedence(a.route, b.route) < 0
}

function conflict(loser: Candidate, winner: Candidate): Diagnostic {
  const { route, contribution } = winner
  const rule = `${route.rule.pathType} ${route.rule.path || '/'}`
  const foreign = contribution.name !== loser.contribution.name
  if (comparePrecedence(loser.route, route) !== 0 || !foreign) {
    return neverMatches(
      loser,
      `${rule} of ${foreign ? contribution.name : `the same Ingress (${winner.path.field})`} takes all its requests`,
      'Remove one of the two.',
    )
  }
  const ageless = contribution.ingress.created === Infinity && loser.contribution.ingress.created === Infinity
  const hint = ageless
    ? 'Neither has a creationTimestamp, so the name decides; in a cluster the older one has it.'
    : 'The older Ingress has it.'
  const place = { object: loser.contribution.ingress.ref, field: `${loser.path.field}.path` }
  const text = {
    message: `${rule} of ${route.rule.host || 'every host'} is served by Ingress ${contribution.name}`,
    hint,
  }
  return diagnose('PathConflict', place, text)
}

function neverMatches({ contribution, path }: Candidate, message: string, hint: string): Diagnostic {
  const place = { object: contribution.ingress.ref, field: `${path.field}.path` }
  return diagnose('RuleNeverMatches', place, { message: `"${path.path}" never matches: ${message}`, hint })
}

function emptyRule({ contribution, rule }: HostRule): Diagnostic {
  const place = { object: contribution.ingress.ref, field: rule.field }
  return diagnose('RuleNeverMatches', place, {
    message: 'the rule has no paths, and there is no default backend to take its requests',
    hint: 'Add http.paths or spec.defaultBackend.',
  })
}
