import type { Json, JsonRecord, SourceObject } from '../model/index.ts'
import { listOf, recordOf } from './address.ts'
import { entriesOf } from './plan-statuses.ts'
import type { StatusWrite } from './plan-statuses.ts'

/** What is known of one Ingress, as of a version. */
interface Entry {
  readonly revision: string
  readonly ours: boolean
}

/**
 * On which Ingresses the entries with our addresses are ours, because we wrote them: another controller on the same nodes,
 * or behind the same balancer, writes equal ones. The server names only the last writer of the list. Where that one left ours
 * standing, whoever leads knows so for the rest of its term; its successor leaves such entries alone.
 */
export class Authorship {
  readonly #manager: string
  #entries = new Map<string, Entry>()

  constructor(manager: string) {
    this.#manager = manager
  }

  /** Takes note of how Ingresses are now. */
  look(ingresses: readonly SourceObject[], isOwn: (entry: Json) => boolean): void {
    this.#entries = new Map(ingresses.map((ingress) => [ingress.uid, this.#judge(ingress, isOwn)]))
  }

  isOurs(uid: string): boolean {
    return this.#entries.get(uid)?.ours === true
  }

  /** The server has it. What is yet to be heard of the old version says nothing more. */
  wrote({ uid, revision, own }: StatusWrite): void {
    this.#entries.set(uid, { revision, ours: own !== '' })
  }

  #judge({ uid, revision, value }: SourceObject, isOwn: (entry: Json) => boolean): Entry {
    const held = this.#entries.get(uid)
    if (held?.revision === revision) return held
    const stands = held?.ours === true && entriesOf(value).some(isOwn)
    return { revision, ours: stands || isWriter(value, this.#manager) }
  }
}

function isWriter({ metadata }: JsonRecord, manager: string): boolean {
  const writers = listOf(recordOf(metadata)['managedFields']).map(recordOf)
  return writers.some((writer) => writer['subresource'] === 'status' && writer['manager'] === manager)
}
