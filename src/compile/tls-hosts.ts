import { nearest } from '../base/index.ts'
import { diagnose } from '../model/index.ts'
import type { Certificate, CertificateUse, Diagnostic, SourceObject, TlsHost } from '../model/index.ts'
import { coversHost, isProblem, judgeCertificate } from './certificate.ts'
import { compareAge } from './contribution.ts'
import type { Contribution } from './contribution.ts'
import { readSecret } from './kinds/index.ts'
import type { IngressTls } from './kinds/index.ts'

const policy = 'default'

type Place = Parameters<typeof diagnose>[1]

/** What a Secret holds, judged once for its content. */
export type JudgedSecret = { readonly certificate: Certificate } | { readonly problem: string; readonly hint: string }

/** Judges the Secrets that are asked for, each once as long as it is the same object. */
export class SecretJudge {
  readonly #judged = new WeakMap<SourceObject, JudgedSecret>()

  judge(secret: SourceObject): JudgedSecret {
    const known = this.#judged.get(secret)
    if (known !== undefined) return known
    const judged = judgeSecret(secret)
    this.#judged.set(secret, judged)
    return judged
  }

  /** Why a Secret that is meant to hold a certificate holds none; undefined if it does, or is meant for other things. */
  faultOf(secret: SourceObject): { readonly problem: string; readonly hint: string } | undefined {
    const judged = secret.value['type'] === 'kubernetes.io/tls' ? this.judge(secret) : undefined
    return judged !== undefined && 'problem' in judged ? judged : undefined
  }
}

function judgeSecret(object: SourceObject): JudgedSecret {
  const { value, diagnostics } = readSecret(object)
  if (value === undefined) return { problem: diagnostics[0]?.message ?? 'is invalid', hint: diagnostics[0]?.hint ?? '' }
  const { certificate, privateKey } = value
  if (certificate === undefined || privateKey === undefined)
    return {
      problem: 'lacks tls.crt or tls.key',
      hint: 'kubectl create secret tls makes such a Secret from two files.',
    }
  return certificateOf(`${object.ref.namespace}/${object.ref.name}`, certificate, privateKey)
}

/** A certificate named for where it came from and for its content. */
export function certificateOf(name: string, chain: string, key: string): JudgedSecret {
  const judged = judgeCertificate(chain, key)
  if (isProblem(judged)) return judged
  const { fingerprint, ...rest } = judged
  return { certificate: { id: `${name}@${fingerprint}`, ...rest } }
}

/** What TLS clients are shown, and what there is to say about it. */
export interface TlsResult {
  readonly hosts: ReadonlyMap<string, TlsHost>
  readonly certificates: ReadonlyMap<string, Certificate>
  readonly uses: readonly CertificateUse[]
  readonly diagnostics: readonly Diagnostic[]
}

/** What there is to choose from, by `namespace/name`. */
export interface Secrets {
  readonly secrets: ReadonlyMap<string, SourceObject>
  /** Why nothing is known of some that are not there. */
  readonly unread: ReadonlyMap<string, string> | undefined
  readonly judge: SecretJudge
}

export interface TlsInput extends Secrets {
  readonly contributions: readonly Contribution[]
  /** Who has rules for each host, in order of age. */
  readonly ruled: ReadonlyMap<string, readonly Contribution[]>
}

/** Chooses certificates for names: only entries of the namespace that owns a host count, older Ingresses first. */
export function compileTls(input: TlsInput): TlsResult {
  return new TlsCompiler(input).run()
}

class TlsCompiler {
  readonly #input: TlsInput
  /** Of hosts without rules: whoever names them first. */
  readonly #owners = new Map<string, string>()
  readonly #hosts = new Map<string, Certificate[]>()
  readonly #named = new Set<string>()
  readonly #certificates = new Map<string, Certificate>()
  readonly #uses: CertificateUse[] = []
  readonly #diagnostics: Diagnostic[] = []

  constructor(input: TlsInput) {
    this.#input = input
  }

  run(): TlsResult {
    const naming = this.#input.contributions.filter(({ ingress }) => ingress.tls.length > 0).toSorted(compareAge)
    const entries = naming.flatMap((contribution) => contribution.ingress.tls.map((entry) => ({ contribution, entry })))
    for (const { contribution, entry } of entries) if (entry.hosts.length > 0) this.#addEntry(contribution, entry)
    for (const { contribution, entry } of entries) if (entry.hosts.length === 0) this.#addNameless(contribution, entry)
    const hosts = new Map(
      [...this.#hosts].map(([host, certificates]) => [host, { host, policy, certificates: orderByKind(certificates) }]),
    )
    return { hosts, certificates: this.#certificates, uses: this.#uses, diagnostics: this.#diagnostics }
  }

  #addEntry(contribution: Contribution, entry: IngressTls): void {
    const certificate = this.#certificateOf(contribution, entry)
    for (const [at, host] of entry.hosts.entries()) {
      if (!this.#owns(contribution, host, `${entry.field}.hosts[${at}]`)) continue
      this.#named.add(host)
      const covered = certificate !== undefined && coversHost(certificate.names, host)
      if (certificate !== undefined && !covered) this.#mismatch(contribution, entry, certificate.names, at)
      const winner = this.#show(host, covered ? certificate : undefined)
      if (winner !== undefined) this.#outdone(contribution, `${entry.field}.hosts[${at}]`, { host, winner })
    }
  }

  /** An entry without hosts serves the names of its certificate, where nobody names them or a wildcard above them. */
  #addNameless(contribution: Contribution, entry: IngressTls): void {
    const certificate = this.#certificateOf(contribution, entry)
    for (const host of certificate?.names ?? []) {
      const above = `*${host.slice(host.indexOf('.'))}`
      const { namespace } = contribution.ingress.ref
      const foreign = this.#knownOwner(host) === undefined && (this.#knownOwner(above) ?? namespace) !== namespace
      if (this.#named.has(host) || this.#named.has(above) || foreign) continue
      if (this.#ownerOf(contribution, host) === namespace) this.#show(host, certificate)
    }
  }

  #ownerOf(contribution: Contribution, host: string): string {
    const known = this.#knownOwner(host)
    if (known === undefined) this.#owners.set(host, contribution.ingress.ref.namespace)
    return known ?? contribution.ingress.ref.namespace
  }

  #knownOwner(host: string): string | undefined {
    return this.#input.ruled.get(host)?.[0]?.ingress.ref.namespace ?? this.#owners.get(host)
  }

  #owns(contribution: Contribution, host: string, field: string): boolean {
    const { ref } = contribution.ingress
    const owner = this.#ownerOf(contribution, host)
    if (owner === ref.namespace) return true
    const text = {
      message: `${host} belongs to namespace ${owner}, whose certificates alone are shown for it`,
      hint: 'The namespace of the oldest Ingress with a rule for a host owns it.',
    }
    this.#diagnostics.push(diagnose('PathConflict', { object: ref, field }, text))
    return false
  }

  #mismatch(contribution: Contribution, entry: IngressTls, names: readonly string[], at: number): void {
    const known = names.slice(0, 5).join(', ') || 'no DNS name'
    const message = `the certificate of Secret ${entry.secretName} is for ${known}, not for ${entry.hosts[at]}: the default certificate is shown`
    const place = { object: contribution.ingress.ref, field: `${entry.field}.hosts[${at}]` }
    this.#diagnostics.push(
      diagnose('CertificateHostMismatch', place, { message, hint: 'Have a certificate issued that names the host.' }),
    )
  }

  /** One certificate a kind of key; the oldest of each wins. Answers the winner if another one was meant. */
  #show(host: string, certificate: Certificate | undefined): Certificate | undefined {
    const shown = this.#hosts.get(host) ?? []
    this.#hosts.set(host, shown)
    if (certificate === undefined) return undefined
    const winner = shown.find(({ keyType }) => keyType === certificate.keyType)
    if (winner !== undefined) return winner.id === certificate.id ? undefined : winner
    shown.push(certificate)
    this.#certificates.set(certificate.id, certificate)
    return undefined
  }

  #outdone({ ingress }: Contribution, field: string, { host, winner }: { host: string; winner: Certificate }): void {
    const text = {
      message: `the certificate of Secret ${winner.id.replace(/@.*/, '')} is shown for ${host}`,
      hint: 'The older Ingress decides, then the first entry. Two certificates stand side by side if one is RSA and one is ECDSA.',
    }
    this.#diagnostics.push(diagnose('PathConflict', { object: ingress.ref, field }, text))
  }

  #certificateOf({ ingress }: Contribution, entry: IngressTls): Certificate | undefined {
    if (entry.secretName === undefined) return undefined
    const place = { object: ingress.ref, field: `${entry.field}.secretName` }
    const { secrets, judge } = this.#input
    const secret = secrets.get(`${ingress.ref.namespace}/${entry.secretName}`)
    if (secret === undefined) {
      this.#diagnostics.push(this.#missing(place, entry.secretName))
      return undefined
    }
    const judged = judge.judge(secret)
    if ('problem' in judged) {
      const text = {
        message: `Secret ${entry.secretName}: ${judged.problem}; the default certificate is shown`,
        hint: judged.hint,
      }
      this.#diagnostics.push(diagnose('SecretInvalid', place, text))
      return undefined
    }
    this.#uses.push({ id: judged.certificate.id, ...place })
    return judged.certificate
  }

  #missing(place: Place, name: string): Diagnostic {
    const { namespace } = place.object
    const reason = this.#input.unread?.get(`${namespace}/${name}`)
    if (reason !== undefined) return unreadSecret(place, `Secret ${name} of namespace ${namespace}`, reason)
    const names = [...this.#input.secrets.keys()]
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
}

/** Nobody can tell whether the Secret is as it should be. */
export function unreadSecret(place: Place, name: string, reason: string): Diagnostic {
  const text = {
    message: `${name} could not be read: ${reason}; until it has been, the default certificate is shown`,
    hint: 'Nothing is known of the Secret. Is the API server well, and may Lintel read it?',
  }
  return diagnose('SecretUnread', place, text)
}

/** ECDSA first: it costs the server a tenth. */
function orderByKind(certificates: readonly Certificate[]): string[] {
  return certificates.toSorted((a, b) => Number(a.keyType === 'rsa') - Number(b.keyType === 'rsa')).map(({ id }) => id)
}
