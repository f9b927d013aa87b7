import type { HostTable, PathType, Route, RouteTable } from '../../src/model/index.ts'
import { comparePrecedence, normalRulePath } from '../../src/route/index.ts'

export interface RuleText {
  readonly type: PathType
  readonly path: string
  /** The Service; the rule's own text if absent, so that every rule has another end. */
  readonly to?: string
}

/** A route as compile makes it from one path of an Ingress. */
export function ruleRoute(
  host: string,
  { type, path, to = `${type} ${path}` }: RuleText,
  more: Partial<Route> = {},
): Route {
  return {
    ...defaultRoute(to),
    rule: { host, path, pathType: type },
    match: { kind: type === 'Exact' ? 'exact' : 'prefix', path: normalRulePath(path === '' ? '/' : path) },
    ...more,
  }
}

/** A default backend. */
export function defaultRoute(to: string): Route {
  return {
    ingress: { namespace: 'default', name: 'test' },
    rule: { host: '', path: '', pathType: 'Prefix' },
    dialect: 'spec',
    match: { kind: 'prefix', path: '' },
    targets: [{ backend: `default/${to}:80`, weight: 1 }],
    policy: { tunnelIdle: 3_600_000, server: 'keep' },
    middleware: [],
    end: to,
  }
}

export function hostTable(host: string, rules: readonly RuleText[], more: Partial<HostTable> = {}): HostTable {
  const routes = rules.map((rule) => ruleRoute(host, rule)).toSorted(comparePrecedence)
  return { host, owner: 'default', mergeSlashes: false, rules: routes, ...more }
}

export function routeTable(hosts: readonly HostTable[], catchAll?: Route): RouteTable {
  return {
    hosts: new Map(hosts.map((table) => [table.host, table])),
    catchAll,
    tls: new Map(),
    certificates: new Map(),
    defaultCertificates: [],
    settings: {},
  }
}
