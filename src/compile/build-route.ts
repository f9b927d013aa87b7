import { hsts, httpsRedirect } from '../middleware/index.ts'
import type { BackendReference, MiddlewareUse, PathType, Route, RoutePolicy } from '../model/index.ts'
import { normalRulePath } from '../route/index.ts'
import type { Contribution } from './contribution.ts'
import type { IngressBackend } from './kinds/index.ts'
import type { ReferenceFault } from './service-port.ts'

const hour = 3_600_000
const minute = 60_000
const hstsValue = 'max-age=31536000; includeSubDomains'

/** What a route is made of. The default backend has the empty path. */
export interface RouteSource {
  readonly contribution: Contribution
  readonly host: string
  readonly path: string
  readonly pathType: PathType
  readonly backend: IngressBackend
  /** Whether the host is served with TLS. */
  readonly tls: boolean
}

export type FaultOf = (reference: BackendReference) => ReferenceFault | undefined

export function referenceOf({ ingress }: Contribution, backend: IngressBackend): BackendReference | undefined {
  if (backend.service === undefined) return undefined
  const { namespace } = ingress.ref
  const { service, port } = backend.service
  return { key: `${namespace}/${service}:${port}`, namespace, service, port }
}

export function buildRoute(source: RouteSource, faultOf: FaultOf): Route {
  const { contribution, host, path, pathType, backend } = source
  const { ref } = contribution.ingress
  const reference = referenceOf(contribution, backend)
  const refusal = refusalOf(contribution, reference, faultOf)
  const policy = policyOf(contribution)
  const middleware = middlewareOf(source)
  const targets = reference === undefined ? [] : [{ backend: reference.key, weight: 1 }]
  return {
    ingress: { namespace: ref.namespace, name: ref.name },
    rule: { host, path, pathType },
    dialect: contribution.dialect,
    match: {
      kind: pathType === 'Exact' ? 'exact' : 'prefix',
      path: isDefault(source) ? '' : normalRulePath(path === '' ? '/' : path),
    },
    targets,
    ...(refusal !== undefined && { refusal }),
    policy,
    middleware,
    end: JSON.stringify([refusal ?? '', reference?.key ?? '', policy, middleware]),
  }
}

function isDefault({ path, pathType }: RouteSource): boolean {
  return path === '' && pathType === 'Prefix'
}

/** A guard that is not served closes the route before anything else is asked. */
function refusalOf(
  { effects }: Contribution,
  reference: BackendReference | undefined,
  faultOf: FaultOf,
): Route['refusal'] {
  if (effects.unservedGuards.length > 0) return 'GuardNotServed'
  return reference === undefined || faultOf(reference) !== undefined ? 'ServiceNotFound' : undefined
}

function policyOf({ dialect, effects }: Contribution): RoutePolicy {
  const limit = effects.bodyLimit === undefined ? {} : { bodyLimit: effects.bodyLimit }
  return dialect === 'spec'
    ? { ...limit, tunnelIdle: hour, server: 'keep' }
    : { ...limit, tunnelIdle: minute, server: 'remove' }
}

/** In the order of the registry. HSTS is ingress-nginx's way; the API specifies nothing of it. */
function middlewareOf({ contribution, tls }: RouteSource): readonly MiddlewareUse[] {
  const { dialect, effects } = contribution
  const redirected = effects.redirect === 'always' || (effects.redirect === 'tls' && tls)
  return [
    ...(redirected ? [httpsRedirect.use({})] : []),
    ...(dialect === 'ingress-nginx' ? [hsts.use({ value: hstsValue })] : []),
  ]
}

/** The default backend of an Ingress, for one host or for all. */
export function buildDefault(
  contribution: Contribution,
  host: string,
  tls: boolean,
  faultOf: FaultOf,
): Route | undefined {
  const backend = contribution.ingress.defaultBackend
  return backend === undefined
    ? undefined
    : buildRoute({ contribution, host, path: '', pathType: 'Prefix', backend, tls }, faultOf)
}
