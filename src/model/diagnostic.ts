import type { ObjectRef } from './object-ref.ts'

/**
 * *error*: an object, or a part of it, is not served as written. *warning*: it is, but somebody should look.
 * *note*: the rest.
 */
export type Severity = 'error' | 'warning' | 'note'

/** What a code means. `docs/errors.md` has one section a code; a test holds the two lists equal. */
export interface CodeDescription {
  readonly severity: Severity
  readonly summary: string
}

/** The one registry of diagnostic codes. CamelCase, as Event reasons are; a code is never reused. */
export const diagnosticCodes = {
  SyntaxError: { severity: 'error', summary: 'A file or document is not YAML or JSON that can be read.' },
  InvalidObject: { severity: 'error', summary: 'The API server would refuse this value.' },
  FieldIgnored: { severity: 'warning', summary: 'A field that the API does not have; most often it is misspelt.' },
  DuplicateObject: { severity: 'warning', summary: 'The same object stands in two places; the later one counts.' },
  KindIgnored: { severity: 'note', summary: 'An object of a kind that Lintel does not read.' },
  ServiceNotFound: { severity: 'error', summary: 'A backend names a Service that does not exist.' },
  ServiceUnread: {
    severity: 'error',
    summary: 'The default backend could not be read, so that nothing is known of it.',
  },
  ServicePortNotFound: { severity: 'error', summary: 'A backend names a port that its Service does not have.' },
  ResourceBackend: { severity: 'error', summary: 'A backend names a resource instead of a Service.' },
  LoopbackEndpoint: {
    severity: 'error',
    summary: 'An endpoint of a cluster is on this machine, so it is not dialled.',
  },
  MetadataEndpoint: {
    severity: 'error',
    summary: 'An endpoint of a cluster is where a cloud keeps its metadata, so it is not dialled.',
  },
  ExternalNameNotAllowed: { severity: 'error', summary: 'A Service of type ExternalName, which is off by default.' },
  SecretNotFound: { severity: 'error', summary: 'A tls entry names a Secret that does not exist.' },
  SecretUnread: { severity: 'warning', summary: 'A Secret could not be read, so that nothing is known of it.' },
  SecretInvalid: { severity: 'error', summary: 'A Secret holds no usable certificate and key.' },
  NamespaceUnread: {
    severity: 'warning',
    summary: 'One of several watched namespaces may not be read, and counts as empty.',
  },
  CertificateExpired: { severity: 'warning', summary: 'A certificate is past its end, or not yet valid.' },
  CertificateHostMismatch: { severity: 'error', summary: 'A certificate does not cover a host that it is meant for.' },
  TlsEntriesIgnored: { severity: 'error', summary: 'An Ingress has more tls entries than are looked at.' },
  RuleNeverMatches: { severity: 'warning', summary: 'A rule that no request can reach.' },
  PathConflict: { severity: 'warning', summary: 'Two Ingresses claim the same host and path; the other one has it.' },
  DeclarationOrder: { severity: 'note', summary: 'A first-match controller would have answered differently.' },
  ClassNotServed: { severity: 'warning', summary: 'The Ingress is of a class that Lintel does not serve.' },
  ClassConflict: { severity: 'warning', summary: 'The class field and the class annotation differ.' },
  ClassMissing: { severity: 'note', summary: 'The Ingress names no class.' },
  AnnotationNotServed: { severity: 'note', summary: 'An annotation that has no effect yet.' },
  AnnotationInvalid: { severity: 'warning', summary: 'An annotation value cannot be read; the default is used.' },
  GuardNotServed: {
    severity: 'error',
    summary: 'An annotation, or a key of the ConfigMap, guards rules and is not served, so they answer 503.',
  },
  CanaryNotServed: { severity: 'error', summary: 'An Ingress is a canary, which takes no requests yet.' },
  RegexNotServed: { severity: 'error', summary: 'A path is a regular expression, which is not served yet.' },
  ConfigMapNotFound: { severity: 'error', summary: 'The ConfigMap of --configmap does not exist.' },
  ConfigKeyNotServed: { severity: 'note', summary: 'A key of the ConfigMap that has no effect yet.' },
  ConfigValueInvalid: { severity: 'warning', summary: 'A value of the ConfigMap cannot be read; the default is used.' },
  StatusAddressUnknown: {
    severity: 'warning',
    summary: 'Nothing says at which addresses clients reach Lintel, so no status is written.',
  },
  ProxiesNotNamed: {
    severity: 'warning',
    summary: 'The ConfigMap says that proxies are believed, but not which ones.',
  },
  ProxyProtocolNotServed: {
    severity: 'error',
    summary: 'The ConfigMap asks for the PROXY protocol, but names no balancers that may speak it.',
  },
} as const

export type DiagnosticCode = keyof typeof diagnosticCodes

/**
 * One finding about one field of one object. `field` is written `spec.rules[0].http.paths[1].path` ('' is the whole
 * object). Line and column count from 1 and are absent where the object did not come from a file.
 */
export interface Diagnostic {
  readonly code: DiagnosticCode
  readonly severity: Severity
  readonly object: ObjectRef
  readonly field: string
  readonly message: string
  readonly hint: string
  readonly file?: string
  readonly line?: number
  readonly column?: number
}

/** Makes a diagnostic; the code decides the severity. */
export function diagnose(
  code: DiagnosticCode,
  place: { readonly object: ObjectRef; readonly field: string },
  text: { readonly message: string; readonly hint: string },
): Diagnostic {
  return { code, severity: diagnosticCodes[code].severity, object: place.object, field: place.field, ...text }
}
