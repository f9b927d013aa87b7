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
  /** Whether entries of it with our addresses are ours. */
  readonly isOurs: (uid: string) => boolean
  /** Ours, in the order in which they are written. */
  readonly addresses: readonly Address[]
  /** Keys of addresses that were ours once and may still stand somewhere. */
  readonly former: ReadonlySet<string>
}

/**
 * What has to be written so that served Ingresses have our addresses and no others have entries that we wrote. Entries of
 * others stay as they are, in their order and before ours, also where they are equal to ours: then an Ingress that is served
 * has what it should have. One that has it is left alone.
 */
export function planStatuses({ ingresses, isServed, isOurs, addresses, former }: Wanted): StatusWrite[] {
  const current = new Set(addresses.map(addressKey))
  return ingresses.flatMap(({ ref, uid, revision, value }) => {
    const actual = entriesOf(value)
    const wanted = isServed(ref) ? addresses : []
    const ours = isOurs(uid)
    if (!ours && hasAll(actual, wanted)) return []
    const isOwn = (entry: Json): boolean => {
      const key = addressKey(recordOf(entry))
      return current.has(key) || (ours && former.has(key))
    }
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

function hasAll(entries: readonly Json[], wanted: readonly Address[]): boolean {
  const keys = new Set(entries.map((entry) => addressKey(recordOf(entry))))
  return wanted.every((address) => keys.has(addressKey(address)))
}
