import type { SourceObject } from '../model/index.ts'
import type { Read } from './decode.ts'
import type { EndpointSliceObject } from './kinds/index.ts'

type Group = readonly EndpointSliceObject[]

/**
 * Slices by the Service that they belong to. From one look to the next only what differs is regrouped, and a group in
 * which nothing changed stays the same list.
 */
export class SliceGroups {
  readonly #read: (object: SourceObject) => Read<EndpointSliceObject>
  #objects: readonly SourceObject[] = []
  #groups: Map<string, Group> = new Map()

  constructor(read: (object: SourceObject) => Read<EndpointSliceObject>) {
    this.#read = read
  }

  /** The groups of all slices that there are, by `namespace/service`. */
  update(objects: readonly SourceObject[]): ReadonlyMap<string, Group> {
    if (objects === this.#objects) return this.#groups
    const [before, now] = [new Set(this.#objects), new Set(objects)]
    const gone = this.#valuesOf(this.#objects.filter((object) => !now.has(object)))
    const fresh = this.#valuesOf(objects.filter((object) => !before.has(object)))
    for (const slice of gone) this.#replace(slice, (group) => group.filter((other) => other !== slice))
    for (const slice of fresh) this.#replace(slice, (group) => [...group, slice])
    this.#objects = objects
    return this.#groups
  }

  #valuesOf(objects: readonly SourceObject[]): EndpointSliceObject[] {
    return objects.flatMap((object) => this.#read(object).value ?? [])
  }

  #replace({ ref, service }: EndpointSliceObject, change: (group: Group) => Group): void {
    const name = `${ref.namespace}/${service}`
    const group = change(this.#groups.get(name) ?? [])
    if (group.length === 0) this.#groups.delete(name)
    else this.#groups.set(name, group)
  }
}
