import type { Certificate } from '../model/index.ts'
import { addOfKind } from './choose-shown.ts'
import { wildcardAbove } from './wildcard-above.ts'

/** What an Ingress has of entries without hosts: they serve the names of their certificates. */
export interface NamelessEntries {
  readonly namespace: string
  readonly certificates: readonly Certificate[]
}

/** What clients of a name are shown that only certificates say, at most one a kind of key. */
export interface NamelessHost {
  readonly owner: string
  readonly certificates: Certificate[]
}

export interface NamelessHosts {
  /** By name, those of the namespace that has it. */
  readonly shown: ReadonlyMap<string, NamelessHost>
  /** By name, those of every namespace: one may be shown on hosts of its own beneath a wildcard of another one. */
  readonly offered: ReadonlyMap<string, readonly NamelessHost[]>
  /** Those names, and the wildcards above them: what rules and entries say of these decides. */
  readonly concerned: ReadonlySet<string>
}

export const noNamelessHosts: NamelessHosts = { shown: new Map(), offered: new Map(), concerned: new Set() }

/** `ownerOf`: whose a host is by rules or by entries that name it; `isNamed`: whether an entry of this namespace names it, or the wildcard above. */
export interface Claims {
  ownerOf(host: string): string | undefined
  isNamed(host: string, owner: string): boolean
}

/** Chooses for the names of certificates, the oldest Ingress first. What an entry names comes before, however young. */
export function chooseNameless(entries: readonly NamelessEntries[], claims: Claims): NamelessHosts {
  const [shown, offered] = [new Map<string, NamelessHost>(), new Map<string, NamelessHost[]>()]
  for (const { host, namespace, certificate } of namesOf(entries)) {
    const offers = offered.get(host) ?? []
    offered.set(host, offers)
    addOfKind(offerOf(offers, namespace).certificates, certificate)
    const above = wildcardAbove(host) ?? host
    const owner = claims.ownerOf(host) ?? shown.get(host)?.owner ?? shown.get(above)?.owner ?? namespace
    if (owner === namespace && !claims.isNamed(host, owner)) shown.set(host, offerOf(offers, namespace))
  }
  const concerned = new Set([...offered.keys()].flatMap((host) => [host, wildcardAbove(host) ?? host]))
  return { shown, offered, concerned }
}

/** The names that are shown or offered otherwise than before. */
export function changedNames(before: NamelessHosts, after: NamelessHosts): string[] {
  const names = new Set([...before.offered.keys(), ...after.offered.keys()])
  return [...names].filter((name) => print(before, name) !== print(after, name))
}

/** An equal text means that the same is shown and offered. */
function print({ shown, offered }: NamelessHosts, name: string): string {
  return [shown.get(name)?.owner, ...(offered.get(name) ?? []).map(printIds)].join(' ')
}

function printIds({ certificates }: NamelessHost): string {
  return certificates.map(({ id }) => id).join()
}

/** Each certificate once, however many entries and Ingresses have it: one may have hundreds of names. */
function namesOf(entries: readonly NamelessEntries[]): { host: string; namespace: string; certificate: Certificate }[] {
  const certificates = new Map<string, { namespace: string; certificate: Certificate }>()
  for (const { namespace, certificates: own } of entries)
    for (const certificate of own)
      if (!certificates.has(certificate.id)) certificates.set(certificate.id, { namespace, certificate })
  return [...certificates.values()].flatMap((each) => each.certificate.names.map((host) => ({ host, ...each })))
}

function offerOf(offers: NamelessHost[], namespace: string): NamelessHost {
  const known = offers.find(({ owner }) => owner === namespace)
  if (known !== undefined) return known
  const offer = { owner: namespace, certificates: [] }
  offers.push(offer)
  return offer
}
