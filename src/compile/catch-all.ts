import { diagnose } from '../model/index.ts'
import type { Diagnostic, Route } from '../model/index.ts'
import { buildDefault } from './build-route.ts'
import type { FaultOf } from './build-route.ts'
import { nameOf } from './contribution.ts'
import type { Contribution } from './contribution.ts'

export interface CatchAll {
  readonly route: Route | undefined
  readonly diagnostics: readonly Diagnostic[]
}

/** The oldest Ingress without rules takes what nobody names; later ones are told so. */
export function compileCatchAll(contributions: readonly Contribution[], faultOf: FaultOf): CatchAll {
  const [first, ...others] = contributions.filter(
    ({ ingress }) => ingress.rules.length === 0 && ingress.defaultBackend !== undefined,
  )
  if (first === undefined) return { route: undefined, diagnostics: [] }
  const diagnostics = others.map(({ ingress }) => {
    const text = {
      message: `Ingress ${nameOf(first)} takes what nobody names`,
      hint: 'One Ingress without rules can; the oldest one does.',
    }
    return diagnose('PathConflict', { object: ingress.ref, field: 'spec.defaultBackend' }, text)
  })
  return { route: buildDefault(first, '', first.ingress.tls.length > 0, faultOf), diagnostics }
}
