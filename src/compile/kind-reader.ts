import { differenceOf } from '../base/index.ts'
import { namespacedName } from '../model/index.ts'
import type { Diagnostic, ObjectRef, SourceObject } from '../model/index.ts'
import type { Read } from './decode.ts'

/** An object with what was read of it. */
interface Entry<T> extends Read<T> {
  /** `namespace/name`. */
  readonly name: string
  readonly object: SourceObject
}

/** All objects of one kind, read, in the order of their names: arrival plays no part. */
export class ReadKind<T> {
  readonly entries: readonly Entry<T>[]
  readonly values: readonly T[]
  readonly diagnostics: readonly Diagnostic[]
  /** Those that could be read, and those that could not. */
  readonly accepted: readonly ObjectRef[]
  readonly refused: readonly ObjectRef[]
  #byName: ReadonlyMap<string, T> | undefined

  constructor(entries: readonly Entry<T>[]) {
    const [values, diagnostics]: [T[], Diagnostic[]] = [[], []]
    const [accepted, refused]: [ObjectRef[], ObjectRef[]] = [[], []]
    for (const { object, value, diagnostics: found } of entries) {
      if (found.length > 0) diagnostics.push(...found)
      if (value !== undefined) values.push(value)
      ;(value === undefined ? refused : accepted).push(object.ref)
    }
    this.entries = entries
    this.values = values
    this.diagnostics = diagnostics
    this.accepted = accepted
    this.refused = refused
  }

  /** By `namespace/name`. */
  get byName(): ReadonlyMap<string, T> {
    return (this.#byName ??= namedValues(this.entries))
  }
}

/** Reads each object once, as long as it is there; objects of which none changed give the same result again. */
export class KindReader<T> {
  readonly #read: (object: SourceObject) => Read<T>
  #objects: readonly SourceObject[] = []
  #last = new ReadKind<T>([])

  constructor(read: (object: SourceObject) => Read<T>) {
    this.#read = read
  }

  read(objects: readonly SourceObject[]): ReadKind<T> {
    const { gone, fresh } = differenceOf(this.#objects, objects)
    this.#objects = objects
    if (gone.length + fresh.length > 0) this.#last = this.#replace(new Set(gone), fresh)
    return this.#last
  }

  #replace(gone: ReadonlySet<SourceObject>, fresh: readonly SourceObject[]): ReadKind<T> {
    const stayed = this.#last.entries.filter(({ object }) => !gone.has(object))
    const added = fresh.map((object) => ({ name: namespacedName(object.ref), object, ...this.#read(object) }))
    return new ReadKind([...stayed, ...added].toSorted((a, b) => (a.name < b.name ? -1 : 1)))
  }
}

function namedValues<T>(entries: readonly Entry<T>[]): ReadonlyMap<string, T> {
  const named = new Map<string, T>()
  for (const { name, value } of entries) if (value !== undefined) named.set(name, value)
  return named
}
