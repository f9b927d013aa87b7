import type { Json, JsonRecord, KindDescriptor, SourceObject } from '../model/index.ts'
import { isRecord } from './json.ts'

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration'

/** Names an object of the API; undefined if it lacks a name, UID or version, or a namespace where its kind has one. */
export function identify(kind: KindDescriptor, value: Json): SourceObject | undefined {
  if (!isRecord(value) || !isRecord(value['metadata'])) return undefined
  const { name, namespace, uid, resourceVersion, creationTimestamp } = value['metadata']
  if (!isText(name) || !isText(uid) || !isText(resourceVersion) || isText(namespace) !== kind.namespaced)
    return undefined
  const created = isText(creationTimestamp) ? Date.parse(creationTimestamp) : Number.NaN
  return {
    ref: { kind: kind.kind, namespace: isText(namespace) ? namespace : '', name },
    uid,
    revision: resourceVersion,
    created: Number.isNaN(created) ? Infinity : created,
    value: { __proto__: null, ...value, ...typeOf(kind), metadata: withoutBallast(value['metadata']) },
  }
}

/** Items of a list do not say what they are. */
function typeOf({ group, version, kind }: KindDescriptor): JsonRecord {
  return { apiVersion: group === '' ? version : `${group}/${version}`, kind }
}

/** Who manages which field, and what was last applied, is half of the memory: what is kept of it says who wrote the status. */
function withoutBallast(metadata: JsonRecord): JsonRecord {
  const { managedFields, annotations, ...own } = metadata
  const writers = statusWritersIn(managedFields)
  const kept = { __proto__: null, ...own, ...(writers.length > 0 && { managedFields: writers }) }
  if (!isRecord(annotations)) return kept
  const { [lastApplied]: _applied, ...others } = annotations
  return { ...kept, __proto__: null, annotations: { __proto__: null, ...others } }
}

/** A manager is there as long as something stands in the status that it was the last one to change. */
function statusWritersIn(managedFields: Json | undefined): JsonRecord[] {
  const entries = Array.isArray(managedFields) ? managedFields.filter(isRecord) : []
  return entries.flatMap(({ manager, subresource }) =>
    isText(manager) && subresource === 'status' ? [{ __proto__: null, manager, subresource }] : [],
  )
}

function isText(value: Json | undefined): value is string {
  return typeof value === 'string' && value !== ''
}
