import type { Diagnostic, Dialect } from '../model/index.ts'
import type { IngressObject } from './kinds/index.ts'
import { readAnnotations } from './read-annotations.ts'
import type { ReadAnnotations } from './read-annotations.ts'
import type { Config } from './read-config.ts'

/** An Ingress that is ours, read in its dialect: what it brings to the hosts that it names. */
export interface Contribution {
  readonly ingress: IngressObject
  readonly dialect: Dialect
  readonly config: Config
  readonly effects: ReadAnnotations
  readonly diagnostics: readonly Diagnostic[]
}

export function contribute(ingress: IngressObject, dialect: Dialect, config: Config): Contribution {
  const effects = readAnnotations(ingress, dialect, config)
  return { ingress, dialect, config, effects, diagnostics: effects.diagnostics }
}

/**
 * Who wins, never decided by arrival: older first, then dialect spec, then the name in byte order, which ingress-nginx
 * reads backwards. A total order over objects with different names.
 */
export function compareAge(a: Contribution, b: Contribution): number {
  if (a.ingress.created !== b.ingress.created) return a.ingress.created < b.ingress.created ? -1 : 1
  if (a.dialect !== b.dialect) return a.dialect === 'spec' ? -1 : 1
  const [first, second] = [nameOf(a), nameOf(b)]
  if (first === second) return 0
  const forward = first < second ? -1 : 1
  return a.dialect === 'spec' ? forward : -forward
}

export function nameOf({ ingress }: Contribution): string {
  return `${ingress.ref.namespace}/${ingress.ref.name}`
}
