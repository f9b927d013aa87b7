/** A map under construction: copied at the first real change, so that one in which nothing changes stays the same map. */
export class NextMap<V extends object> {
  map: ReadonlyMap<string, V>
  #copy: Map<string, V> | undefined

  constructor(map: ReadonlyMap<string, V>) {
    this.map = map
  }

  /** Undefined takes the entry out. */
  put(key: string, value: V | undefined): void {
    if (this.map.get(key) === value) return
    this.map = this.#copy ??= new Map(this.map)
    if (value === undefined) this.#copy.delete(key)
    else this.#copy.set(key, value)
  }
}
