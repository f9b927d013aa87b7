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

/** By subject. */
export type EventPlan = ReadonlyMap<string, PlannedEvent>

/** What a plan goes by: not the snapshot, since in that there are all slices. */
type Sayings = Pick<Served, 'compilation' | 'diagnostics'>

/** A planned event with what it was planned for. */
interface Kept {
  readonly count: number
  readonly object: SourceObject
  readonly event: PlannedEvent
}

/**
 * Whether nothing but endpoints lies between the two, of which there is nothing new to say: then what is planned for the one
 * is planned for the other.
 */
export function areAlike(one: Sayings, other: Sayings): boolean {
  return one.compilation === other.compilation && one.diagnostics === other.diagnostics
}

/**
 * Plans one event for each object and code, however many fields it concerns. Nothing is said on Ingresses that are somebody
 * else's, nor on objects that are not there. Whoever watches some namespaces says nothing on what stands elsewhere or is
 * there for all: rights within these namespaces suffice. What was planned for the same is kept.
 */
export class EventPlanner {
  readonly #namespaces: readonly string[]
  /** By the first diagnostic of the subject. */
  readonly #kept = new WeakMap<Diagnostic, Kept>()
  #last: (Sayings & { readonly plan: EventPlan }) | undefined

  constructor(namespaces: readonly string[]) {
    this.#namespaces = namespaces
  }

  plan(served: Served): EventPlan {
    if (this.#last !== undefined && areAlike(this.#last, served)) return this.#last.plan
    const { compilation, diagnostics } = served
    const plan = new Map(this.#eventsFor(served).map((event) => [event.subject, event]))
    this.#last = { compilation, diagnostics, plan }
    return plan
  }

  #eventsFor({ snapshot, diagnostics }: Served): PlannedEvent[] {
    const foreign = new Set(
      diagnostics.filter(({ code }) => code === 'ClassNotServed').map(({ object }) => nameOf(object)),
    )
    const bySubject = Map.groupBy(diagnostics, subjectOf)
    const find = finderOf(snapshot)
    return [...bySubject.values()].flatMap((found) => {
      const [first] = found
      if (first === undefined || !this.#isOurs(first.object) || foreign.has(nameOf(first.object))) return []
      const object = find(first.object)
      return object === undefined ? [] : [this.#eventOf(first, found.length, object)]
    })
  }

  #isOurs({ namespace }: ObjectRef): boolean {
    return this.#namespaces.length === 0 || this.#namespaces.includes(namespace)
  }

  #eventOf(first: Diagnostic, count: number, object: SourceObject): PlannedEvent {
    const kept = this.#kept.get(first)
    if (kept?.count === count && kept.object === object) return kept.event
    const event = eventOf(first, count, object)
    this.#kept.set(first, { count, object, event })
    return event
  }
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

/** By what bears them: what stays the same is not given a name at each change again. */
const names = new WeakMap<ObjectRef, string>()
const subjects = new WeakMap<Diagnostic, string>()

function nameOf(ref: ObjectRef): string {
  const name = names.get(ref) ?? `${ref.kind} ${namespacedName(ref)}`
  names.set(ref, name)
  return name
}

function subjectOf(diagnostic: Diagnostic): string {
  const { object, code } = diagnostic
  const subject = subjects.get(diagnostic) ?? `${nameOf(object)} ${code}`
  subjects.set(diagnostic, subject)
  return subject
}
