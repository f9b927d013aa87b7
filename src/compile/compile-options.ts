/** What compile goes by besides the objects. Plain data. */
export interface CompileOptions {
  /** Further class names of dialect ingress-nginx. */
  readonly ingressClasses: readonly string[]
  /** Further controller names of dialect ingress-nginx. */
  readonly controllerClasses: readonly string[]
  /** If there are any, only Ingresses of these classes are served. */
  readonly onlyClasses: readonly string[]
  readonly allowExternalName: boolean
  /** `namespace/name` of the Secret with the default certificate. */
  readonly defaultCertificate: string | undefined
  /** Shown where no default certificate is configured, or it is broken. Undefined: none, as `check` needs none. */
  readonly selfMade: { readonly chain: string; readonly key: string } | undefined
}
