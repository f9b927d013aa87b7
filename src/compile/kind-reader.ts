import { differenceOf } from '../base/index.ts'
import { namespacedName } from '../model/index.ts'
import type { Diagnostic, ObjectRef, SourceObject } from '../model/index.ts'
import type { Read } from './decode.ts'
import { NameIndex } from './name-index.ts'

/** An object with what was read of it. */
export interface Entry<T> extends Read<T> {
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
  #objects: ReadonlyMap<string, SourceObject> | undefined
  #index: NameIndex | undefined
  #refusedByName: ReadonlyMap<string, Entry<T>> | undefined

  constructor(entries: readonly Entry<T>[]) {
    const [values, diagnostics]: [T[], Diagnostic[]] = [[], []]
    const [accepted, refused]: [ObjectRef[], ObjectRef[]] = [[], []]
    for (const { object, value, diagnostics: found } of entries) {
      for (const one of found) diagnostics.push(one)
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

  /** By `namespace/name`, also those that could not be read. */
  get objects(): ReadonlyMap<string, SourceObject> {
    return (this.#objects ??= new Map(this.entries.map(({ name, object }) => [name, object])))
  }

  /** The names of those that could be read. */
  get index(): NameIndex {
    return (this.#index ??= new NameIndex(this.byName.keys()))
  }

  /** What is wrong with the object of this name, if it is there and could not be read. */
  problemOf(name: string): string | undefined {
    this.#refusedByName ??= new Map(
      this.entries.filter(({ value }) => value === undefined).map((entry) => [entry.name, entry]),
    )
    return this.#refusedByName.get(name)?.diagnostics.find(({ severity }) => severity === 'error')?.message
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

  /** What takes the place of another one of its name stands where that stood. */
  #replace(gone: ReadonlySet<SourceObject>, fresh: readonly SourceObject[]): ReadKind<T> {
    const added = new Map(fresh.map((object) => [namespacedName(object.ref), object]))
    const entries: Entry<T>[] = []
    for (const entry of this.#last.entries) {
      const isGone = gone.has(entry.object)
      const next = isGone ? added.get(entry.name) : undefined
      if (!isGone) entries.push(entry)
      if (next === undefined) continue
      entries.push(this.#readOne(next, entry.name))
      added.delete(entry.name)
    }
    for (const [name, object] of added) entries.push(this.#readOne(object, name))
    return new ReadKind(added.size === 0 ? entries : entries.toSorted((a, b) => (a.name < b.name ? -1 : 1)))
  }

  #readOne(object: SourceObject, name: string): Entry<T> {
    return { name, object, ...this.#read(object) }
  }
}

function namedValues<T>(entries: readonly Entry<T>[]): ReadonlyMap<string, T> {
  const named = new Map<string, T>()
  for (const { name, value } of entries) if (value !== undefined) named.set(name, value)
  return named
}
