import { prefixKey } from '../route/index.ts'

interface Node<T> {
  readonly below: Map<string, Node<T>>
  value: T | undefined
}

/** Values by path prefix, found element by element, so that a path costs its own length however deep the others are. */
export class PrefixTree<T> {
  readonly #root: Node<T> = { below: new Map(), value: undefined }

  /** Of equal prefixes the first counts. */
  add(path: string, value: T): void {
    elementsOf(path).reduce(nodeBelow, this.#root).value ??= value
  }

  /** The value of the longest prefix that covers the path, of those that fit. */
  find(path: string, fits: (value: T) => boolean): T | undefined {
    const elements = elementsOf(path).values()
    let found: T | undefined
    for (let at: Node<T> | undefined = this.#root; at !== undefined;) {
      if (at.value !== undefined && fits(at.value)) found = at.value
      const { value: element } = elements.next()
      at = element === undefined ? undefined : at.below.get(element)
    }
    return found
  }
}

function nodeBelow<T>({ below }: Node<T>, element: string): Node<T> {
  const node = below.get(element) ?? { below: new Map<string, Node<T>>(), value: undefined }
  below.set(element, node)
  return node
}

function elementsOf(path: string): string[] {
  return prefixKey(path).split('/').slice(1)
}
