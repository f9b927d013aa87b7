import { hsts, httpsRedirect } from '../middleware/index.ts'
import type {
  BackendReference,
  Dialect,
  MiddlewareUse,
  NamespacedName,
  PathType,
  Route,
  RoutePolicy,
} from '../model/index.ts'
import { normalRulePath } from '../route/index.ts'
import type { Contribution } from './contribution.ts'
import { printHsts } from './effects.ts'
import type { ReadAnnotations } from './read-annotations.ts'
import type { ReferenceFault } from './service-port.ts'

const hour = 3_600_000
const minute = 60_000

/** How a route behaves, whoever takes its requests. */
export interface RouteManner {
  /** Absent: no Ingress names the host. */
  readonly ingress?: NamespacedName
  readonly dialect: Dialect
  readonly effects: Omit<ReadAnnotations, 'diagnostics'>
}

/** What a route is made of. The default backend has the empty path. */
export interface RouteSource {
  readonly manner: RouteManner
  readonly host: string
  readonly path: string
  readonly pathType: PathType
  /** Undefined: a resource, which is no Service. */
  readonly reference: BackendReference | undefined
  /** Whether the host is served with TLS. */
  readonly tls: boolean
  /** Guards of other Ingresses that close it. */
  readonly guardsAround?: ReadonlySet<string>
}

export type FaultOf = (reference: BackendReference) => ReferenceFault | undefined

export function mannerOf({ ingress: { ref }, dialect, effects }: Contribution): RouteManner {
  return { ingress: { namespace: ref.namespace, name: ref.name }, dialect, effects }
}

export function buildRoute(source: RouteSource, faultOf: FaultOf): Route {
  const { manner, host, path, pathType, reference } = source
  const refusal = refusalOf(source, faultOf)
  const policy = policyOf(manner)
  const middleware = middlewareOf(source)
  const targets = reference === undefined ? [] : [{ backend: reference.key, weight: 1 }]
  return {
    ...(manner.ingress !== undefined && { ingress: manner.ingress }),
    rule: { host, path, pathType },
    dialect: manner.dialect,
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
function refusalOf(source: RouteSource, faultOf: FaultOf): Route['refusal'] {
  const { reference, manner, guardsAround = [] } = source
  if ([...manner.effects.unservedGuards, ...guardsAround].some((guard) => guards(guard, source)))
    return 'GuardNotServed'
  return reference === undefined || faultOf(reference) !== undefined ? 'ServiceNotFound' : undefined
}

/** Paths that are exempt from authentication are not exempt from anything else. */
function guards(guard: string, { path, manner }: RouteSource): boolean {
  const authenticates =
    guard === 'global-auth-url' || guard === 'satisfy' || (guard.startsWith('auth-') && !guard.startsWith('auth-tls-'))
  return !(authenticates && isBelow(path, manner.effects.pathsWithoutAuth))
}

function isBelow(path: string, beginnings: readonly string[]): boolean {
  return path !== '' && beginnings.some((beginning) => path.startsWith(beginning))
}

function policyOf({ dialect, effects }: RouteManner): RoutePolicy {
  const { bodyLimit, connectTimeout, upstreamTimeout } = effects
  const own = {
    ...(bodyLimit !== undefined && { bodyLimit }),
    ...(connectTimeout !== undefined && { connectTimeout }),
    ...(upstreamTimeout !== undefined && { upstreamTimeout }),
  }
  return dialect === 'spec'
    ? { ...own, tunnelIdle: hour, server: 'keep' }
    : { ...own, tunnelIdle: minute, server: 'remove' }
}

/** In the order of the registry. HSTS is ingress-nginx's way; the API specifies nothing of it. */
function middlewareOf({ manner: { effects }, path, tls }: RouteSource): readonly MiddlewareUse[] {
  const redirected = effects.forceSslRedirect || (effects.sslRedirect && tls)
  return [
    ...(redirected && !isBelow(path, effects.pathsWithoutRedirect) ? [httpsRedirect.use({})] : []),
    ...(effects.hsts.on ? [hsts.use({ value: printHsts(effects.hsts) })] : []),
  ]
}

/** What takes the requests for a host, or for all, that no rule takes. */
export function buildDefault(
  manner: RouteManner,
  host: string,
  tls: boolean,
  to: { readonly reference: BackendReference | undefined; readonly faultOf: FaultOf },
): Route {
  return buildRoute({ manner, host, path: '', pathType: 'Prefix', reference: to.reference, tls }, to.faultOf)
}
