import type { Diagnostic } from './diagnostic.ts'
import type { ObjectRef } from './object-ref.ts'

/** Names a resource kind; what the source needs to know of it. The descriptors live in `compile/kinds`. */
export interface KindDescriptor {
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly plural: string
  readonly namespaced: boolean
}

/** Parsed JSON. Records have a null prototype, because their keys come from outside. */
export type Json = null | boolean | number | string | readonly Json[] | JsonRecord
export interface JsonRecord {
  readonly [key: string]: Json
}

/**
 * An object as it came from outside: identified, but not validated beyond having a kind and a name.
 * The pair (uid, revision) names its content: equal pairs mean equal content, so results may be kept by it.
 */
export interface SourceObject {
  readonly ref: ObjectRef
  readonly uid: string
  readonly revision: string
  /** Milliseconds since the epoch; Infinity where the object has none (it then counts as newest). */
  readonly created: number
  readonly value: JsonRecord
  /** Made here for endpoints that were named on the command line: no object of anybody's. */
  readonly standIn?: true
}

/** Where a field stands in a file. Line and column count from 1. */
export interface Position {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** Everything that is known at one moment. Immutable. */
export interface Snapshot {
  /** All objects of a kind, by its `kind` name; empty if there are none. Order carries no meaning. */
  list(kind: string): readonly SourceObject[]
  /** All Ingresses that are seen, where some are of namespaces that do not count and are in no list; absent: those listed. */
  readonly seenIngresses?: readonly SourceObject[] | undefined
  /** What the source itself found: files that do not parse, kinds passed over. */
  readonly diagnostics: readonly Diagnostic[]
  /** Why nothing is known of some Secrets, by `namespace/name`; absent: which ones there are is known. */
  readonly unread?: ReadonlyMap<string, string>
  /** The same of Services. */
  readonly unreadServices?: ReadonlyMap<string, string>
  /** The position of the value of a field, or of its nearest parent that is there; undefined without files. */
  locate(ref: ObjectRef, field: string): Position | undefined
}
