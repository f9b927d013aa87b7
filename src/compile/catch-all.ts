import { diagnose } from '../model/index.ts'
import type { Diagnostic, Route } from '../model/index.ts'
import type { Backends } from './backends.ts'
import { buildDefault, mannerOf } from './build-route.ts'
import type { RouteManner } from './build-route.ts'
import { compareAge, defaultReferenceOf } from './contribution.ts'
import type { Contribution } from './contribution.ts'
import type { Config } from './read-config.ts'

export interface CatchAll {
  readonly route: Route | undefined
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * The oldest Ingress without rules takes what nobody names; later ones are told so. Where there is none, the default
 * backend of the process does, read as ingress-nginx did.
 */
export function compileCatchAll(
  contributions: readonly Contribution[],
  config: Config,
  { standard, faults }: Backends,
): CatchAll {
  const [first, ...others] = contributions
    .filter(({ ingress }) => ingress.rules.length === 0 && ingress.defaultBackend !== undefined)
    .toSorted(compareAge)
  const reference = first === undefined ? standard : defaultReferenceOf(first)
  if (first === undefined && reference === undefined) return { route: undefined, diagnostics: [] }
  const manner = first === undefined ? mannerOfNobody(config) : mannerOf(first)
  const tls = first !== undefined && first.ingress.tls.length > 0
  return {
    route: buildDefault(manner, '', tls, { reference, faultOf: ({ key }) => faults.get(key) }),
    diagnostics: first === undefined ? [] : others.map((loser) => conflict(loser, first)),
  }
}

/** Of requests for hosts that no Ingress names. */
function mannerOfNobody({ effects, guards }: Config): RouteManner {
  return { dialect: 'ingress-nginx', effects: { ...effects, unservedGuards: guards } }
}

function conflict({ ingress }: Contribution, winner: Contribution): Diagnostic {
  const text = {
    message: `Ingress ${winner.name} takes what nobody names`,
    hint: 'One Ingress without rules can; the oldest one does.',
  }
  return diagnose('PathConflict', { object: ingress.ref, field: 'spec.defaultBackend' }, text)
}
