import { Groups } from '../base/index.ts'
import type { Grouped } from '../base/index.ts'
import { namespacedName } from '../model/index.ts'
import type { Diagnostic, ObjectRef, SourceObject } from '../model/index.ts'
import type { Read } from './decode.ts'
import type { EndpointSliceObject } from './kinds/index.ts'

/** EndpointSlices as they stand in one list. */
export interface SliceList {
  /** The Services of which slices came, went or changed: `namespace/name`. */
  readonly changed: ReadonlySet<string>
  readonly diagnostics: readonly Diagnostic[]
  /** Those that could be read, and those that could not. */
  readonly accepted: readonly ObjectRef[]
  readonly refused: readonly ObjectRef[]
}

/** EndpointSlices by the Service that they belong to; those that name none are nobody's. Each is read once. */
export class ServiceSlices {
  readonly #read: (object: SourceObject) => Read<EndpointSliceObject>
  readonly #kept = new WeakMap<SourceObject, Read<EndpointSliceObject>>()
  readonly #groups = new Groups<SourceObject>((object) => this.#servicesOf(object), compareNames)
  /** Those of which there is something to say. */
  readonly #noted = new Map<SourceObject, Read<EndpointSliceObject>>()
  #byService: Grouped<SourceObject>['groups'] = new Map()

  constructor(read: (object: SourceObject) => Read<EndpointSliceObject>) {
    this.#read = read
  }

  update(objects: readonly SourceObject[]): SliceList {
    const grouped = this.#groups.update(objects)
    this.#byService = grouped.groups
    this.#note(grouped)
    const noted = [...this.#noted].toSorted(([a], [b]) => compareNames(a, b))
    const refused = new Set(noted.filter(([, { value }]) => value === undefined).map(([object]) => object))
    return {
      changed: grouped.changed,
      diagnostics: noted.flatMap(([, { diagnostics }]) => diagnostics),
      // Made for whoever counts them, and not at each change.
      get accepted() {
        return objects.filter((object) => !refused.has(object)).map(({ ref }) => ref)
      },
      refused: [...refused].map(({ ref }) => ref),
    }
  }

  /** In the order of their names. */
  of(service: string): EndpointSliceObject[] {
    return (this.#byService.get(service) ?? []).flatMap((object) => this.#readOnce(object).value ?? [])
  }

  #note({ gone, fresh }: Grouped<SourceObject>): void {
    for (const object of gone) this.#noted.delete(object)
    for (const object of fresh) {
      const read = this.#readOnce(object)
      if (read.diagnostics.length > 0) this.#noted.set(object, read)
    }
  }

  #servicesOf(object: SourceObject): string[] {
    const { service } = this.#readOnce(object).value ?? {}
    return service === undefined ? [] : [`${object.ref.namespace}/${service}`]
  }

  #readOnce(object: SourceObject): Read<EndpointSliceObject> {
    const read = this.#kept.get(object) ?? this.#read(object)
    this.#kept.set(object, read)
    return read
  }
}

function compareNames({ ref: a }: SourceObject, { ref: b }: SourceObject): number {
  return namespacedName(a) < namespacedName(b) ? -1 : 1
}
