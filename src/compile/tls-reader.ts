import { nearest, sameMap } from '../base/index.ts'
import { diagnose } from '../model/index.ts'
import type { Certificate, CertificateUse, Diagnostic } from '../model/index.ts'
import type { Contribution } from './contribution.ts'
import type { IngressTls } from './kinds/index.ts'
import type { Secrets } from './secret-judge.ts'

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

/** Reads the tls entries of each Ingress once, as long as the Ingress and all Secrets are the same. */
export class TlsReader {
  #secrets: Secrets
  #kept = new WeakMap<Contribution, ReadTls>()

  constructor(secrets: Secrets) {
    this.#secrets = secrets
  }

  /** The Secrets that count from now on. Answers whether they are others than before: then everything is to be read again. */
  use(secrets: Secrets): boolean {
    const last = this.#secrets
    this.#secrets = secrets
    if (last.secrets === secrets.secrets && sameUnread(last, secrets)) return false
    this.#kept = new WeakMap()
    return true
  }

  read(contribution: Contribution): ReadTls {
    const read = this.#kept.get(contribution) ?? readTls(contribution, this.#secrets)
    this.#kept.set(contribution, read)
    return read
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

function readTls(contribution: Contribution, secrets: Secrets): ReadTls {
  const found: Found = { uses: [], diagnostics: [] }
  const entries = contribution.ingress.tls.map((entry) => ({
    entry,
    certificate: certificateOf(contribution, entry, secrets, found),
  }))
  const names = entries.flatMap(({ entry: { field, hosts, secretName }, certificate }) =>
    hosts.map((host, at) => ({ host, contribution, secretName, certificate, field: `${field}.hosts[${at}]` })),
  )
  const nameless = entries.flatMap(({ entry, certificate }) => (entry.hosts.length > 0 ? [] : (certificate ?? [])))
  return {
    names: Map.groupBy(names, ({ host }) => host),
    nameless: [...new Set(nameless)],
    ...found,
  }
}

function certificateOf(
  { ingress }: Contribution,
  entry: IngressTls,
  { secrets, unread, judge }: Secrets,
  { uses, diagnostics }: Found,
): Certificate | undefined {
  if (entry.secretName === undefined) return undefined
  const place = { object: ingress.ref, field: `${entry.field}.secretName` }
  const secret = secrets.get(`${ingress.ref.namespace}/${entry.secretName}`)
  if (secret === undefined) {
    diagnostics.push(missingSecret(place, entry.secretName, { secrets, unread }))
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

function missingSecret(place: Place, name: string, { secrets, unread }: Omit<Secrets, 'judge'>): Diagnostic {
  const { namespace } = place.object
  const reason = unread?.get(`${namespace}/${name}`)
  if (reason !== undefined) return unreadSecret(place, `Secret ${name} of namespace ${namespace}`, reason)
  const names = [...secrets.keys()]
    .filter((key) => key.startsWith(`${namespace}/`))
    .map((key) => key.slice(namespace.length + 1))
  const near = nearest(name, names)
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
