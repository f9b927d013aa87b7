/** Names (`namespace/name`), each once. Namespaces have turns: whoever names thousands keeps nobody else waiting. */
export class FairQueue {
  /** The namespace whose turn it is first. */
  readonly #namespaces = new Map<string, Set<string>>()
  #size = 0

  get size(): number {
    return this.#size
  }

  add(name: string): void {
    const namespace = namespaceOf(name)
    const names = this.#namespaces.get(namespace) ?? new Set()
    if (names.has(name)) return
    this.#namespaces.set(namespace, names.add(name))
    this.#size++
  }

  delete(name: string): void {
    const namespace = namespaceOf(name)
    const names = this.#namespaces.get(namespace)
    if (names?.delete(name) !== true) return
    this.#size--
    if (names.size === 0) this.#namespaces.delete(namespace)
  }

  /** Takes out the next one. */
  take(): string | undefined {
    const [[namespace, names] = []] = this.#namespaces
    const [name] = names ?? []
    if (namespace === undefined || names === undefined || name === undefined) return undefined
    this.delete(name)
    if (this.#namespaces.delete(namespace)) this.#namespaces.set(namespace, names)
    return name
  }
}

export function namespaceOf(name: string): string {
  return name.slice(0, name.indexOf('/'))
}
