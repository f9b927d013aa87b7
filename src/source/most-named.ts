import { namespaceOf } from './fair-queue.ts'

/** Real namespaces name hundreds of Secrets. */
export const mostOfNamespace = 5_000

export interface Limited {
  readonly wanted: ReadonlyMap<string, string>
  /** Why those beyond are not read, by name. */
  readonly passedOver: ReadonlyMap<string, string>
}

const reason = `its namespace names more than ${mostOfNamespace} Secrets, and no more than these are read`

/** The first of each namespace, as many as are read. */
export function limitNamed(named: ReadonlyMap<string, string>): Limited {
  if (named.size <= mostOfNamespace) return { wanted: named, passedOver: new Map() }
  const counts = new Map<string, number>()
  const [wanted, passedOver] = [new Map<string, string>(), new Map<string, string>()]
  for (const [name, namedBy] of named) {
    const namespace = namespaceOf(name)
    const count = counts.get(namespace) ?? 0
    counts.set(namespace, count + 1)
    if (count < mostOfNamespace) wanted.set(name, namedBy)
    else passedOver.set(name, reason)
  }
  return { wanted, passedOver }
}
