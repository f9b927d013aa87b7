import { createHash } from 'node:crypto'

import { printable, shorten } from '../base/index.ts'
import { namespacedName } from '../model/index.ts'
import type { Diagnostic, JsonRecord, ObjectRef, SourceObject } from '../model/index.ts'
import type { Served } from './served.ts'

/** The API server takes no longer one, in octets. */
const longestNote = 1_024
/** Events on objects without a namespace stand in this one. */
const clusterNamespace = 'default'

/** What is to be said on one object with one code. */
export interface PlannedEvent {
  /** Object and code: a later event with the same subject takes the place of this one. */
  readonly subject: string
  /** Follows from the content, so that nobody says the same again: no other replica, and no successor. */
  readonly name: string
  readonly namespace: string
  readonly type: 'Normal' | 'Warning'
  readonly reason: string
  readonly note: string
  readonly regarding: JsonRecord
  /** On which object, for people. */
  readonly about: string
}

/**
 * One event for each object and code, however many fields it concerns. Nothing is said on Ingresses that are somebody
 * else's, nor on objects that are not there. Whoever watches some namespaces says nothing on what stands elsewhere or is
 * there for all: rights within these namespaces suffice.
 */
export function planEvents(
  { snapshot, diagnostics }: Pick<Served, 'snapshot' | 'diagnostics'>,
  namespaces: readonly string[],
): PlannedEvent[] {
  const isOurs = ({ namespace }: ObjectRef): boolean => namespaces.length === 0 || namespaces.includes(namespace)
  const foreign = new Set(
    diagnostics.filter(({ code }) => code === 'ClassNotServed').map(({ object }) => nameOf(object)),
  )
  const bySubject = Map.groupBy(diagnostics, ({ object, code }) => `${nameOf(object)} ${code}`)
  const find = finderOf(snapshot)
  return [...bySubject.values()].flatMap((found) => {
    const [first] = found
    const object =
      first === undefined || !isOurs(first.object) || foreign.has(nameOf(first.object)) ? undefined : find(first.object)
    return first === undefined || object === undefined ? [] : [eventOf(first, found.length, object)]
  })
}

function eventOf(diagnostic: Diagnostic, count: number, { ref, uid, revision, value }: SourceObject): PlannedEvent {
  const { code, severity } = diagnostic
  const found = findingOf(diagnostic, count)
  // A hint goes by what else there is, and is no news.
  const digest = createHash('sha256')
    .update(JSON.stringify([uid, code, found]))
    .digest('hex')
  const { kind, namespace, name } = ref
  return {
    subject: `${uid} ${code}`,
    name: `lintel-${digest.slice(0, 32)}`,
    namespace: namespace === '' ? clusterNamespace : namespace,
    type: severity === 'note' ? 'Normal' : 'Warning',
    reason: code,
    note: shorten(printable(`${found}. ${diagnostic.hint}`), longestNote),
    regarding: {
      apiVersion: value['apiVersion'] ?? '',
      kind,
      ...(namespace !== '' && { namespace }),
      name,
      uid,
      resourceVersion: revision,
    },
    about: namespacedName(ref),
  }
}

function findingOf({ field, message }: Diagnostic, count: number): string {
  const others = count === 1 ? '' : ` (${count - 1} more of this kind)`
  return `${field === '' ? '' : `${field}: `}${message}${others}`
}

/** Looks only at kinds that something is said of. */
function finderOf(snapshot: Served['snapshot']): (ref: ObjectRef) => SourceObject | undefined {
  const kinds = new Map<string, ReadonlyMap<string, SourceObject>>()
  return (ref) => {
    const objects = kinds.get(ref.kind) ?? new Map(snapshot.list(ref.kind).map((each) => [nameOf(each.ref), each]))
    kinds.set(ref.kind, objects)
    return objects.get(nameOf(ref))
  }
}

function nameOf(ref: ObjectRef): string {
  return `${ref.kind} ${namespacedName(ref)}`
}
