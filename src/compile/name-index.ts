/** Of so many faults of one Ingress it is looked what may have been meant. */
export const mostHints = 10

/** Names of objects of one kind, for hints: by namespace, and the other way round. Both in the order in which they come. */
export class NameIndex {
  readonly #names = new Map<string, string[]>()
  readonly #namespaces = new Map<string, string[]>()

  /** `namespace/name` each. */
  constructor(names: Iterable<string>) {
    for (const each of names) {
      const slash = each.indexOf('/')
      const [namespace, name] = [each.slice(0, slash), each.slice(slash + 1)]
      add(this.#names, namespace, name)
      add(this.#namespaces, name, namespace)
    }
  }

  namesIn(namespace: string): readonly string[] {
    return this.#names.get(namespace) ?? []
  }

  namespacesWith(name: string): readonly string[] {
    return this.#namespaces.get(name) ?? []
  }
}

function add(map: Map<string, string[]>, key: string, value: string): void {
  const values = map.get(key)
  if (values === undefined) map.set(key, [value])
  else values.push(value)
}
