import { namespacedName } from '../model/index.ts'
import type { BackendKey, BackendReference, Diagnostic, Dialect } from '../model/index.ts'
import type { IngressBackend, IngressObject, IngressRule } from './kinds/index.ts'
import { limitTls } from './limit-tls.ts'
import { readAnnotations } from './read-annotations.ts'
import type { ReadAnnotations } from './read-annotations.ts'
import type { Config } from './read-config.ts'
import { withhold } from './withhold.ts'

/** A backend that an Ingress names, with what it refers to: undefined where it is a resource, which is no Service. */
export interface NamedBackend {
  readonly backend: IngressBackend
  readonly reference: BackendReference | undefined
}

/** An Ingress that is ours, read in its dialect: what it brings to the hosts that it names. */
export interface Contribution {
  /** Without what is withheld, or beyond limits. */
  readonly ingress: IngressObject
  /** `namespace/name`. */
  readonly name: string
  readonly dialect: Dialect
  readonly config: Config
  readonly effects: ReadAnnotations
  /** Its rules by the host that they are for. */
  readonly rules: ReadonlyMap<string, readonly IngressRule[]>
  /** The default backend, then those of paths. */
  readonly backends: readonly NamedBackend[]
  /** What these refer to. */
  readonly references: ReadonlyMap<BackendKey, BackendReference>
  readonly diagnostics: readonly Diagnostic[]
}

export function contribute(given: IngressObject, dialect: Dialect, config: Config): Contribution {
  const effects = readAnnotations(given, dialect, config)
  const withheld = withhold(given, effects)
  const { ingress, diagnostics } = limitTls(withheld.ingress)
  const backends = backendsOf(ingress).map((backend) => ({ backend, reference: referenceOf(ingress, backend) }))
  const references = backends.flatMap(({ reference }) =>
    reference === undefined ? [] : [[reference.key, reference] as const],
  )
  return {
    ingress,
    name: namespacedName(ingress.ref),
    dialect,
    config,
    effects,
    rules: Map.groupBy(ingress.rules, ({ host }) => host),
    backends,
    references: new Map(references),
    diagnostics: [...effects.diagnostics, ...withheld.diagnostics, ...diagnostics],
  }
}

function backendsOf({ rules, defaultBackend }: IngressObject): IngressBackend[] {
  const paths = rules.flatMap((rule) => rule.paths ?? []).map(({ backend }) => backend)
  return defaultBackend === undefined ? paths : [defaultBackend, ...paths]
}

/** Undefined where the backend is a resource. */
export function referenceOf({ ref }: IngressObject, backend: IngressBackend): BackendReference | undefined {
  if (backend.service === undefined) return undefined
  const { namespace } = ref
  const { service, port } = backend.service
  return { key: `${namespace}/${service}:${port}`, namespace, service, port }
}

/** Undefined where the Ingress has no default backend, or one that is no Service. */
export function defaultReferenceOf({ ingress }: Contribution): BackendReference | undefined {
  return ingress.defaultBackend && referenceOf(ingress, ingress.defaultBackend)
}

/**
 * Who wins, never decided by arrival: older first, then dialect spec, then the name in byte order, which ingress-nginx
 * reads backwards. A total order over objects with different names.
 */
export function compareAge(a: Contribution, b: Contribution): number {
  if (a.ingress.created !== b.ingress.created) return a.ingress.created < b.ingress.created ? -1 : 1
  if (a.dialect !== b.dialect) return a.dialect === 'spec' ? -1 : 1
  if (a.name === b.name) return 0
  const forward = a.name < b.name ? -1 : 1
  return a.dialect === 'spec' ? forward : -forward
}
