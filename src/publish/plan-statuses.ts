import type { Json, JsonRecord, ObjectRef, SourceObject } from '../model/index.ts'
import { addressKey, listOf, recordOf } from './address.ts'
import type { Address } from './address.ts'

/** The entries that an Ingress is to have. */
export interface StatusWrite {
  readonly ref: ObjectRef
  readonly uid: string
  /** Of the object that was looked at: a write to another one is refused. */
  readonly revision: string
  readonly entries: readonly Json[]
  /** Which of them are ours. */
  readonly own: string
}

export interface Wanted {
  /** All Ingresses that are seen, ours or not. */
  readonly ingresses: readonly SourceObject[]
  /** Whether every worker serves it. */
  readonly isServed: (ref: ObjectRef) => boolean
  /** Ours, in the order in which they are written. */
  readonly addresses: readonly Address[]
  /** Keys of addresses that were ours once and may still stand somewhere. */
  readonly former: ReadonlySet<string>
}

/**
 * What has to be written so that served Ingresses have our addresses and no others do. Entries of others stay as they are,
 * in their order and before ours. An Ingress that has what it should have is left alone.
 */
export function planStatuses({ ingresses, isServed, addresses, former }: Wanted): StatusWrite[] {
  const current = new Set(addresses.map(addressKey))
  const isOwn = (entry: Json): boolean => {
    const key = addressKey(recordOf(entry))
    return current.has(key) || former.has(key)
  }
  return ingresses.flatMap(({ ref, uid, revision, value }) => {
    const actual = entriesOf(value)
    const wanted = isServed(ref) ? addresses : []
    const own = keysOf(wanted)
    if (keysOf(actual.filter(isOwn).map(recordOf)) === own) return []
    const entries = [...actual.filter((entry) => !isOwn(entry)), ...wanted.map((address) => ({ ...address }))]
    return [{ ref, uid, revision, entries, own }]
  })
}

/** The entries that an Ingress has. */
export function entriesOf({ status }: JsonRecord): readonly Json[] {
  return listOf(recordOf(recordOf(status)['loadBalancer'])['ingress'])
}

/** Several addresses as one text. */
export function keysOf(entries: readonly (Address | JsonRecord)[]): string {
  return entries.map(addressKey).join(' ')
}
