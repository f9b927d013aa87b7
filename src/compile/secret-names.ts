import type { SourceObject } from '../model/index.ts'
import { NameIndex } from './name-index.ts'

const none: readonly string[] = []

type Objects = ReadonlyMap<string, SourceObject>

/** The names of the Secrets of each namespace: the same list as long as they are the same, whatever the Secrets hold. */
export class SecretNames {
  readonly #kept = new Map<string, readonly string[]>()
  #of: { readonly secrets: Objects; readonly index: NameIndex } | undefined

  namesIn(namespace: string, secrets: Objects): readonly string[] {
    if (this.#of?.secrets !== secrets) this.#of = { secrets, index: new NameIndex(secrets.keys()) }
    const names = this.#of.index.namesIn(namespace)
    const last = this.#kept.get(namespace)
    if (last !== undefined && last.length === names.length && last.every((name, at) => name === names[at])) return last
    if (names.length === 0) {
      this.#kept.delete(namespace)
      return none
    }
    this.#kept.set(namespace, names)
    return names
  }
}
