import type { ConfiguredSettings } from './settings.ts'

/**
 * The middle language: what compile makes and the data plane runs on. Plain readonly data without methods.
 * Whole tables swap; a host that did not change keeps its identity (`===`) from one table to the next.
 */

/** How an Ingress is read: as the API specifies, or the same plus ingress-nginx's own ways. */
export type Dialect = 'spec' | 'ingress-nginx'

export type PathType = 'Exact' | 'Prefix' | 'ImplementationSpecific'

export interface NamespacedName {
  readonly namespace: string
  readonly name: string
}

/** Names a backend in a table: `namespace/service:port`, the port as the Ingress writes it (number or name). */
export type BackendKey = string

export interface Target {
  readonly backend: BackendKey
  readonly weight: number
}

/** Why a route answers 503 instead of being proxied. */
export type RefusalReason = 'ServiceNotFound' | 'NoEndpoints' | 'GuardNotServed'

/** What a route may override. A field that is absent means the default of the process. */
export interface RoutePolicy {
  /** Largest request body in bytes; absent: no limit. */
  readonly bodyLimit?: number
  /** A tunnel is closed after this long without a byte, in milliseconds. */
  readonly tunnelIdle: number
  /** `keep`: the upstream's `Server`, else `lintel`. `remove`: none. */
  readonly server: 'keep' | 'remove'
  /** Milliseconds. */
  readonly connectTimeout?: number
  readonly upstreamTimeout?: number
}

/** A middleware in use: its name in the registry and the configuration that its own constructor made. */
export interface MiddlewareUse {
  readonly name: string
  readonly config: unknown
}

/** Where a request ends: a rule of an Ingress, or a default backend. */
export interface Route {
  /** Absent: the default backend of the process, for hosts that no Ingress names. */
  readonly ingress?: NamespacedName
  /** As written in the Ingress. A default backend has the empty path. */
  readonly rule: { readonly host: string; readonly path: string; readonly pathType: PathType }
  readonly dialect: Dialect
  /** The path as it is compared: unreserved octets decoded, other percent codes in upper case (semantics N-1, N-4). */
  readonly match: { readonly kind: 'exact' | 'prefix'; readonly path: string }
  /** Weighted backends; empty exactly if `refusal` is set and no Service is named. */
  readonly targets: readonly Target[]
  readonly refusal?: RefusalReason
  readonly policy: RoutePolicy
  /** Only what the route uses, in the order of the registry. */
  readonly middleware: readonly MiddlewareUse[]
  /** Equal texts mean the same backend behind the same guards: what the unanimity rule compares. */
  readonly end: string
}

/** All rules of one host. */
export interface HostTable {
  /** `a.example.com`, `*.example.com`, or '' for rules without a host. Lower case. */
  readonly host: string
  /** The namespace of the first Ingress (oldest) that has a rule for the host. */
  readonly owner: string
  /** `//` is one slash before matching, because the owner is of dialect ingress-nginx. */
  readonly mergeSlashes: boolean
  /** Reachable rules, in order of precedence: exact before prefix, longer before shorter. */
  readonly rules: readonly Route[]
  /** Where a request goes that no rule matches (semantics 4.2, step 2). */
  readonly fallback?: Route
}

/** What is shown to a TLS client that names a host. Another certificate alone is not another policy. */
export interface TlsHost {
  readonly host: string
  /** Keys of `RouteTable.certificates`, at most one a key type, ECDSA first. Empty: the default certificate. */
  readonly certificates: readonly string[]
  /** Names the TLS policy (client authentication, versions, ciphers). Equal names mean equal policies. */
  readonly policy: string
  /** The owner of the host says nothing of TLS: the entry keeps the certificate of another namespace's wildcard away. */
  readonly unnamed?: boolean
}

/** A certificate that was judged usable. PEM texts; the key never leaves the private pipes. */
export interface Certificate {
  /** `namespace/secret@fingerprint`: another content is another id. */
  readonly id: string
  readonly keyType: 'rsa' | 'ec' | 'ed25519'
  readonly chain: string
  readonly key: string
  /** Lower-case DNS names of the leaf. */
  readonly names: readonly string[]
  /** Milliseconds since the epoch. */
  readonly notBefore: number
  readonly notAfter: number
}

export interface Endpoint {
  readonly address: string
  readonly port: number
}

/** Which endpoints a backend has. Taken apart from the table, since endpoints change far more often. */
export interface Backend {
  readonly key: BackendKey
  readonly namespace: string
  readonly service: string
  readonly port: string
  readonly endpoints: readonly Endpoint[]
}

export interface RouteTable {
  readonly hosts: ReadonlyMap<string, HostTable>
  /** Where a request goes that no host table takes (semantics 4.2, steps 3 and 5). */
  readonly catchAll: Route | undefined
  readonly tls: ReadonlyMap<string, TlsHost>
  /** Usable certificates by id, the default certificate among them. */
  readonly certificates: ReadonlyMap<string, Certificate>
  /** Ids of the default certificate (one a key type); shown without SNI and for unknown names. */
  readonly defaultCertificates: readonly string[]
  /** What the ConfigMap says for the whole process. */
  readonly settings: ConfiguredSettings
}
