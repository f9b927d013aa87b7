import { nearest, sameMap } from '../base/index.ts'
import { diagnose } from '../model/index.ts'
import type { Certificate, CertificateUse, Diagnostic, SourceObject } from '../model/index.ts'
import type { Contribution } from './contribution.ts'
import type { IngressTls } from './kinds/index.ts'
import { mostHints } from './name-index.ts'
import type { Secrets } from './secret-judge.ts'
import { SecretNames } from './secret-names.ts'

type Place = Parameters<typeof diagnose>[1]

/** A host that an entry of `spec.tls` names. */
export interface TlsName {
  readonly contribution: Contribution
  readonly secretName: string | undefined
  /** That of the entry, if its Secret can be used. */
  readonly certificate: Certificate | undefined
  readonly field: string
}

/** What the `spec.tls` of an Ingress says. */
export interface ReadTls {
  /** By host; of one host in the order of the entries. */
  readonly names: ReadonlyMap<string, readonly TlsName[]>
  /** Of entries without hosts: they serve the names of their certificate. */
  readonly nameless: readonly Certificate[]
  readonly uses: readonly CertificateUse[]
  readonly diagnostics: readonly Diagnostic[]
}

const noneUnread: ReadonlyMap<string, string> = new Map()

/** What was read, and what it rests on: as long as that is the same, so is what was read. */
interface Kept {
  readonly read: ReadTls
  /** Those among which it was looked last. */
  readonly secrets: Secrets
  readonly found: readonly FoundSecret[]
  /** All that the namespace has, where a hint names one of them. */
  readonly names: readonly string[] | undefined
}

/** A Secret that an entry names, or why nothing is known of it. */
interface FoundSecret {
  readonly name: string
  readonly secret: SourceObject | undefined
  readonly unread: string | undefined
}

/** Reads the tls entries of each Ingress once, as long as the Ingress and the Secrets that it names are the same. */
export class TlsReader {
  readonly #names = new SecretNames()
  readonly #kept = new WeakMap<Contribution, Kept>()
  #secrets: Secrets

  constructor(secrets: Secrets) {
    this.#secrets = secrets
  }

  /** The Secrets that count from now on. Answers those of the Ingresses that were read otherwise before. */
  use(secrets: Secrets, contributions: readonly Contribution[]): Contribution[] {
    const last = this.#secrets
    if (last.secrets === secrets.secrets && sameUnread(last, secrets)) return []
    this.#secrets = secrets
    return contributions.filter((each) => {
      const kept = this.#kept.get(each)
      return kept !== undefined && kept.read !== this.read(each)
    })
  }

  read(contribution: Contribution): ReadTls {
    const kept = this.#kept.get(contribution)
    if (kept?.secrets === this.#secrets) return kept.read
    const isStill = kept !== undefined && this.#isStill(kept, contribution)
    const next = isStill ? { ...kept, secrets: this.#secrets } : this.#readAnew(contribution)
    this.#kept.set(contribution, next)
    return next.read
  }

  #isStill({ found, names }: Kept, { ingress }: Contribution): boolean {
    const { secrets, unread } = this.#secrets
    return (
      found.every((each) => secrets.get(each.name) === each.secret && unread?.get(each.name) === each.unread) &&
      (names === undefined || names === this.#namesIn(ingress.ref.namespace))
    )
  }

  #readAnew(contribution: Contribution): Kept {
    const { secrets, unread } = this.#secrets
    const { namespace } = contribution.ingress.ref
    const named = contribution.ingress.tls.flatMap(({ secretName }) => secretName ?? [])
    const found = named.map((each): FoundSecret => {
      const name = `${namespace}/${each}`
      return { name, secret: secrets.get(name), unread: unread?.get(name) }
    })
    const isMissing = found.some((each) => each.secret === undefined && each.unread === undefined)
    const names = isMissing ? this.#namesIn(namespace) : undefined
    return { read: readTls(contribution, this.#secrets, names ?? []), secrets: this.#secrets, found, names }
  }

  #namesIn(namespace: string): readonly string[] {
    return this.#names.namesIn(namespace, this.#secrets.secrets)
  }
}

function sameUnread({ unread: before = noneUnread }: Secrets, { unread: after = noneUnread }: Secrets): boolean {
  return sameMap(before, after) === before
}

/** What was found so far in one Ingress. */
interface Found {
  readonly uses: CertificateUse[]
  readonly diagnostics: Diagnostic[]
}

/** `others`: what the namespace has, if a Secret is missing. */
function readTls(contribution: Contribution, secrets: Secrets, others: readonly string[]): ReadTls {
  const found: Found = { uses: [], diagnostics: [] }
  const entries = contribution.ingress.tls.map((entry) => ({
    entry,
    certificate: certificateOf(contribution, entry, { ...secrets, others }, found),
  }))
  const names = entries.flatMap(({ entry: { field, hosts, secretName }, certificate }) =>
    [...firstPlaces(hosts)].map(([host, at]) => ({
      host,
      contribution,
      secretName,
      certificate,
      field: `${field}.hosts[${at}]`,
    })),
  )
  const nameless = entries.flatMap(({ entry, certificate }) => (entry.hosts.length > 0 ? [] : (certificate ?? [])))
  return {
    names: Map.groupBy(names, ({ host }) => host),
    nameless: [...new Set(nameless)],
    ...found,
  }
}

/** An entry may name a host thousands of times. */
function firstPlaces(hosts: readonly string[]): ReadonlyMap<string, number> {
  return new Map(hosts.map((host, at) => [host, at] as const).toReversed())
}

function certificateOf(
  { ingress }: Contribution,
  entry: IngressTls,
  { secrets, unread, judge, others }: Secrets & { readonly others: readonly string[] },
  { uses, diagnostics }: Found,
): Certificate | undefined {
  if (entry.secretName === undefined) return undefined
  const place = { object: ingress.ref, field: `${entry.field}.secretName` }
  const secret = secrets.get(`${ingress.ref.namespace}/${entry.secretName}`)
  if (secret === undefined) {
    const candidates = diagnostics.length < mostHints ? others : []
    diagnostics.push(missingSecret(place, entry.secretName, { unread, candidates }))
    return undefined
  }
  const judged = judge.judge(secret)
  if ('problem' in judged) {
    const message = `Secret ${entry.secretName}: ${judged.problem}; the default certificate is shown`
    diagnostics.push(diagnose('SecretInvalid', place, { message, hint: judged.hint }))
    return undefined
  }
  uses.push({ id: judged.certificate.id, ...place })
  return judged.certificate
}

interface Surroundings extends Pick<Secrets, 'unread'> {
  /** Names that may be meant. */
  readonly candidates: readonly string[]
}

function missingSecret(place: Place, name: string, { unread, candidates }: Surroundings): Diagnostic {
  const { namespace } = place.object
  const reason = unread?.get(`${namespace}/${name}`)
  if (reason !== undefined) return unreadSecret(place, `Secret ${name} of namespace ${namespace}`, reason)
  const near = nearest(name, candidates)
  const hint =
    near === undefined
      ? `Add a Secret ${name} of type kubernetes.io/tls to namespace ${namespace}.`
      : `Is ${near} meant?`
  const message = `there is no Secret ${name} in namespace ${namespace}: the default certificate is shown`
  return diagnose('SecretNotFound', place, { message, hint })
}

/** Nobody can tell whether the Secret is as it should be. */
export function unreadSecret(place: Place, name: string, reason: string): Diagnostic {
  const text = {
    message: `${name} could not be read: ${reason}; until it has been, the default certificate is shown`,
    hint: 'Nothing is known of the Secret. Is the API server well, and may Lintel read it?',
  }
  return diagnose('SecretUnread', place, text)
}
