import { Groups, NextMap } from '../base/index.ts'
import type { Certificate, CertificateUse, Diagnostic, TlsHost } from '../model/index.ts'
import { addOfKind, chooseShown } from './choose-shown.ts'
import type { Shown } from './choose-shown.ts'
import { compareAge } from './contribution.ts'
import type { Contribution } from './contribution.ts'
import type { RuledHosts } from './host-merger.ts'
import type { Secrets } from './secret-judge.ts'
import { TlsReader } from './tls-reader.ts'

const policy = 'default'

/** What TLS clients are shown, and what there is to say about it. */
export interface TlsResult {
  /** The same map again if nothing is shown otherwise; a host that did not change keeps its identity. */
  readonly hosts: ReadonlyMap<string, TlsHost>
  readonly certificates: ReadonlyMap<string, Certificate>
  readonly uses: readonly CertificateUse[]
  readonly diagnostics: readonly Diagnostic[]
}

/** A name of the certificate of an entry without hosts. */
interface NamelessHost {
  readonly host: string
  readonly namespace: string
  readonly certificate: Certificate
}

/**
 * Chooses certificates for names: only entries of the namespace that owns a host count, older Ingresses first. Chosen anew
 * is only for hosts of which entries or rules changed, or for all if a Secret did.
 */
export class TlsHosts {
  readonly #reader: TlsReader
  /** Ingresses by the hosts that their tls entries name. */
  readonly #naming = new Groups<Contribution>(
    ({ ingress }) => new Set(ingress.tls.flatMap(({ hosts }) => hosts)),
    compareAge,
  )
  /** By host that is named. */
  readonly #shown = new Map<string, Shown>()
  /** Hosts that are served by entries without hosts. */
  #nameless: ReadonlyMap<string, readonly Certificate[]> = new Map()
  #hosts: ReadonlyMap<string, TlsHost> = new Map()

  constructor(judge: Secrets['judge']) {
    this.#reader = new TlsReader({ secrets: new Map(), unread: undefined, judge })
  }

  choose(contributions: readonly Contribution[], ruled: RuledHosts, secrets: Secrets): TlsResult {
    const renewed = this.#reader.use(secrets)
    const withTls = contributions.filter(({ ingress }) => ingress.tls.length > 0)
    const { groups, changed } = this.#naming.update(withTls)
    const hosts = new NextMap(this.#hosts)
    for (const host of new Set([...changed, ...ruled.changed, ...(renewed ? groups.keys() : [])]))
      this.#chooseNamed(hosts, host, groups.get(host), ruled)
    this.#showNameless(hosts, withTls, ruled)
    this.#hosts = hosts.map
    return this.#resultFor(withTls)
  }

  #chooseNamed(
    hosts: NextMap<TlsHost>,
    host: string,
    naming: readonly Contribution[] | undefined,
    ruled: RuledHosts,
  ): void {
    if (naming === undefined) {
      if (this.#shown.delete(host)) hosts.put(host, undefined)
      return
    }
    const owner = ownerByRules(ruled, host) ?? naming[0]?.ingress.ref.namespace ?? ''
    const names = naming.flatMap((each) => this.#reader.read(each).names.get(host) ?? [])
    const shown = chooseShown(host, owner, names)
    this.#shown.set(host, shown)
    if (shown.named) this.#show(hosts, host, shown.certificates)
    else hosts.put(host, undefined)
  }

  /** Entries without hosts come last: what they serve depends on all that others name. */
  #showNameless(hosts: NextMap<TlsHost>, withTls: readonly Contribution[], ruled: RuledHosts): void {
    const nameless = this.#chooseNameless(withTls, ruled)
    for (const host of this.#nameless.keys())
      if (!nameless.has(host) && !this.#isNamed(host)) hosts.put(host, undefined)
    for (const [host, certificates] of nameless) this.#show(hosts, host, certificates)
    this.#nameless = nameless
  }

  /** The names of their certificates, where nobody names them or a wildcard above them. */
  #chooseNameless(withTls: readonly Contribution[], ruled: RuledHosts): ReadonlyMap<string, readonly Certificate[]> {
    const chosen = new Map<string, Certificate[]>()
    const owners = new Map<string, string>()
    const ownerOf = (host: string): string | undefined =>
      ownerByRules(ruled, host) ?? this.#shown.get(host)?.owner ?? owners.get(host)
    for (const { host, namespace, certificate } of this.#namelessIn(withTls)) {
      const above = `*${host.slice(host.indexOf('.'))}`
      const owner = ownerOf(host) ?? ownerOf(above) ?? namespace
      if (this.#isNamed(host) || this.#isNamed(above) || owner !== namespace) continue
      owners.set(host, namespace)
      const shown = chosen.get(host) ?? []
      chosen.set(host, shown)
      addOfKind(shown, certificate)
    }
    return chosen
  }

  #namelessIn(withTls: readonly Contribution[]): NamelessHost[] {
    const naming = withTls.filter((each) => this.#reader.read(each).nameless.length > 0).toSorted(compareAge)
    return naming.flatMap((each) => {
      const { namespace } = each.ingress.ref
      const { nameless } = this.#reader.read(each)
      return nameless.flatMap((certificate) => certificate.names.map((host) => ({ host, namespace, certificate })))
    })
  }

  #isNamed(host: string): boolean {
    return this.#shown.get(host)?.named === true
  }

  #show(hosts: NextMap<TlsHost>, host: string, certificates: readonly Certificate[]): void {
    const next = { host, policy, certificates: orderByKind(certificates) }
    const last = this.#hosts.get(host)
    hosts.put(host, last !== undefined && isEqual(last, next) ? last : next)
  }

  #resultFor(withTls: readonly Contribution[]): TlsResult {
    const certificates = new Map<string, Certificate>()
    const [uses, diagnostics]: [CertificateUse[], Diagnostic[]] = [[], []]
    for (const contribution of withTls) {
      const read = this.#reader.read(contribution)
      for (const use of read.uses) uses.push(use)
      for (const one of read.diagnostics) diagnostics.push(one)
    }
    for (const shown of this.#shown.values()) {
      for (const one of shown.diagnostics) diagnostics.push(one)
      for (const certificate of shown.certificates) certificates.set(certificate.id, certificate)
    }
    for (const chosen of this.#nameless.values())
      for (const certificate of chosen) certificates.set(certificate.id, certificate)
    return { hosts: this.#hosts, certificates, uses, diagnostics }
  }
}

function ownerByRules({ groups }: RuledHosts, host: string): string | undefined {
  return groups.get(host)?.[0]?.ingress.ref.namespace
}

function isEqual(a: TlsHost, b: TlsHost): boolean {
  return a.policy === b.policy && a.certificates.join() === b.certificates.join()
}

/** ECDSA first: it costs the server a tenth. */
function orderByKind(certificates: readonly Certificate[]): string[] {
  return certificates.toSorted((a, b) => Number(a.keyType === 'rsa') - Number(b.keyType === 'rsa')).map(({ id }) => id)
}
