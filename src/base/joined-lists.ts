/** Lists, one behind another: as long as each holds the very same elements, what joins them is the same list. */
export class JoinedLists<T> {
  #parts: readonly (readonly T[])[] = []
  #all: readonly T[] = []

  join(...parts: readonly (readonly T[])[]): readonly T[] {
    const isSame = parts.length === this.#parts.length && parts.every((part, at) => isSameList(part, this.#parts[at]))
    if (!isSame) this.#all = parts.flat()
    this.#parts = parts
    return this.#all
  }
}

function isSameList<T>(one: readonly T[], other: readonly T[] = []): boolean {
  return one === other || (one.length === other.length && one.every((element, at) => element === other[at]))
}
