/** Where this process listens. Plain data. */
export interface OwnSockets {
  /** As `normalAddress` writes them. */
  readonly addresses: readonly string[]
  readonly ports: readonly number[]
  /** Whoever may write here might change this process itself. */
  readonly namespace: string
}

/** What the look-up of endpoints goes by. */
export interface EndpointOptions {
  readonly allowExternalName: boolean
  /** Whether endpoints may be on this machine. */
  readonly allowLoopback: boolean
  /** The objects come from a cluster, where whoever may write a Service must not choose where requests go. */
  readonly fromCluster: boolean
  /** Endpoints of other namespaces do not lead here. */
  readonly own?: OwnSockets | undefined
}

/** What compile goes by besides the objects. Plain data. */
export interface CompileOptions extends EndpointOptions {
  /** Further class names of dialect ingress-nginx. */
  readonly ingressClasses: readonly string[]
  /** Further controller names of dialect ingress-nginx. */
  readonly controllerClasses: readonly string[]
  /** If there are any, only Ingresses of these classes are served. */
  readonly onlyClasses: readonly string[]
  /** Ingresses that name no class are ours too, of dialect ingress-nginx. */
  readonly withoutClass: boolean
  /** `namespace/name` of the Secret with the default certificate. */
  readonly defaultCertificate: string | undefined
  /** `namespace/name` of the Service that takes what no rule and no default backend of an Ingress takes. */
  readonly defaultBackend: string | undefined
  /** `namespace/name` of the ConfigMap, which is written as ingress-nginx reads it. */
  readonly configMap: string | undefined
  /** Ranges of addresses of what stands in front; they stand over those of the ConfigMap. */
  readonly trustedProxies: readonly string[]
  /** Shown where no default certificate is configured, or it is broken. Undefined: none, as `check` needs none. */
  readonly selfMade: { readonly chain: string; readonly key: string } | undefined
}
