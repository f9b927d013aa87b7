import type { Diagnostic, DiagnosticCode } from './diagnostic.ts'
import type { ObjectRef } from './object-ref.ts'
import type { BackendKey, RouteTable } from './route-table.ts'

/** A Service port that a route sends to, before endpoints are looked up. */
export interface BackendReference {
  readonly key: BackendKey
  readonly namespace: string
  readonly service: string
  /** As the Ingress writes it: the number, or the name. */
  readonly port: number | string
}

export interface CertificateUse {
  readonly id: string
  readonly object: ObjectRef
  readonly field: string
}

/** All that compile has to say about a snapshot, endpoints aside. */
export interface Compilation {
  readonly table: RouteTable
  /** Every backend that the table names, whether its Service exists or not. */
  readonly backends: ReadonlyMap<BackendKey, BackendReference>
  /** Of these backends, those that cannot be found, and why. */
  readonly faults: ReadonlyMap<BackendKey, DiagnosticCode>
  /** Of the objects that were compiled; what the source found, and what is wrong with EndpointSlices, is not among them. */
  readonly diagnostics: readonly Diagnostic[]
  /** Which field of which object asked for a certificate, for what is said of it later: certificates expire. */
  readonly certificateUses: readonly CertificateUse[]
  /** Objects served (with or without notes), and objects refused as a whole. */
  readonly accepted: readonly ObjectRef[]
  readonly refused: readonly ObjectRef[]
}
