import { Groups, NextMap } from '../base/index.ts'
import type { Certificate, CertificateUse, Diagnostic, TlsHost } from '../model/index.ts'
import { chooseShown } from './choose-shown.ts'
import type { Shown } from './choose-shown.ts'
import { compareAge } from './contribution.ts'
import type { Contribution } from './contribution.ts'
import type { RuledHosts } from './host-merger.ts'
import { HostsBeneath } from './hosts-beneath.ts'
import { changedNames, chooseNameless, noNamelessHosts } from './nameless-hosts.ts'
import type { NamelessEntries } from './nameless-hosts.ts'
import type { Secrets } from './secret-judge.ts'
import { TlsReader } from './tls-reader.ts'
import type { TlsName } from './tls-reader.ts'
import { wildcardAbove } from './wildcard-above.ts'

const policy = 'default'

/** What TLS clients are shown, and what there is to say about it. */
export interface TlsResult {
  /** The same map again if nothing is shown otherwise; a host that did not change keeps its identity. */
  readonly hosts: ReadonlyMap<string, TlsHost>
  readonly certificates: ReadonlyMap<string, Certificate>
  readonly uses: readonly CertificateUse[]
  readonly diagnostics: readonly Diagnostic[]
}

/** What is shown for a host by what its owner says. */
type Settled = Pick<Shown, 'certificates'> & Pick<TlsHost, 'unnamed'>

/** What the hosts are chosen from. */
interface Given {
  readonly ruled: RuledHosts['groups']
  /** Ingresses by the hosts that their tls entries name. */
  readonly naming: ReadonlyMap<string, readonly Contribution[]>
}

/**
 * Chooses certificates for names: only entries of the namespace that owns a host count, older Ingresses first. Chosen anew
 * is only for hosts of which entries or rules changed, or the Secrets of these.
 */
export class TlsHosts {
  readonly #reader: TlsReader
  readonly #naming = new Groups<Contribution>((each) => new Set(hostsOf(each)), compareAge)
  readonly #beneath = new HostsBeneath()
  /** By host that is named. */
  readonly #shown = new Map<string, Shown>()
  #namelessEntries: readonly NamelessEntries[] = []
  #nameless = noNamelessHosts
  readonly #settled = new Map<string, Settled>()
  #hosts: ReadonlyMap<string, TlsHost> = new Map()

  constructor(judge: Secrets['judge']) {
    this.#reader = new TlsReader({ secrets: new Map(), unread: undefined, judge })
  }

  choose(contributions: readonly Contribution[], ruled: RuledHosts, secrets: Secrets): TlsResult {
    const withTls = contributions.filter(({ ingress }) => ingress.tls.length > 0)
    const renewed = this.#reader.use(secrets, withTls)
    const { groups: naming, changed } = this.#naming.update(withTls)
    const given = { ruled: ruled.groups, naming }
    for (const host of [...changed, ...ruled.changed])
      this.#beneath.note(host, naming.has(host) || ruled.groups.has(host))
    const named = this.#withBeneath([...changed, ...ruled.changed, ...renewed.flatMap(hostsOf)])
    for (const host of named) this.#chooseNamed(host, given)
    const nameless = this.#withBeneath(this.#chooseNameless(withTls, named, given))
    this.#settleAll(new Set([...named, ...nameless]), given)
    return this.#resultFor(withTls)
  }

  /** A wildcard concerns the hosts beneath it. */
  #withBeneath(hosts: readonly string[]): ReadonlySet<string> {
    return new Set(hosts.flatMap((host) => [host, ...this.#beneath.of(host)]))
  }

  #chooseNamed(host: string, { ruled, naming }: Given): void {
    const all = naming.get(host)
    if (all === undefined) {
      this.#shown.delete(host)
      return
    }
    const owner = routeOwner(ruled, host) ?? all[0]?.ingress.ref.namespace ?? ''
    this.#shown.set(host, chooseShown(host, owner, this.#namesOf(host, all)))
  }

  #namesOf(host: string, naming: readonly Contribution[] | undefined): TlsName[] {
    return naming?.flatMap((each) => this.#reader.read(each).names.get(host) ?? []) ?? []
  }

  /** Entries without hosts come last: what they serve depends on all that others name. Answers the names that it changed. */
  #chooseNameless(withTls: readonly Contribution[], changed: ReadonlySet<string>, { ruled }: Given): string[] {
    const before = this.#nameless
    const having = withTls.filter((each) => this.#reader.read(each).nameless.length > 0).toSorted(compareAge)
    const entries = having.map((each) => ({
      namespace: each.ingress.ref.namespace,
      certificates: this.#reader.read(each).nameless,
    }))
    const isSame = isSameEntries(this.#namelessEntries, entries)
    if (isSame && ![...changed].some((host) => before.concerned.has(host))) return []
    this.#namelessEntries = entries
    this.#nameless = chooseNameless(entries, {
      ownerOf: (host) => routeOwner(ruled, host) ?? this.#shown.get(host)?.owner ?? this.#ownerAbove(host),
      isNamed: (host, owner) =>
        this.#isNamed(host) || (this.#isNamed(aboveOf(host)) && this.#ownerAbove(host) === owner),
    })
    return changedNames(before, this.#nameless)
  }

  #isNamed(host: string): boolean {
    return this.#shown.get(host)?.named === true
  }

  #ownerAbove(host: string): string | undefined {
    return this.#shown.get(aboveOf(host))?.owner
  }

  #settleAll(again: ReadonlySet<string>, given: Given): void {
    const hosts = new NextMap(this.#hosts)
    for (const host of again) {
      const settled = this.#settle(host, given)
      if (settled === undefined) this.#settled.delete(host)
      else this.#settled.set(host, settled)
      hosts.put(host, settled && this.#sameHost(host, settled))
    }
    this.#hosts = hosts.map
  }

  /** Undefined: what the wildcard above is shown with, or the default certificate. */
  #settle(host: string, given: Given): Settled | undefined {
    const shown = this.#shown.get(host)
    const own = shown?.named === true ? shown : this.#nameless.shown.get(host)
    return own ?? this.#settleBeneath(host, given)
  }

  /**
   * A host with rules goes by the wildcard above only as far as its own namespace says so. Where another one has the
   * wildcard, the host has an entry of its own that keeps the foreign certificate away.
   */
  #settleBeneath(host: string, given: Given): Settled | undefined {
    const owner = ownerByRules(given.ruled, host)
    const above = wildcardAbove(host)
    if (owner === undefined || above === undefined) return undefined
    const wildcard = this.#isNamed(above) ? this.#shown.get(above) : this.#nameless.shown.get(above)
    if (wildcard?.owner === owner) return undefined
    const naming = given.naming.get(above)?.filter(({ ingress }) => ingress.ref.namespace === owner)
    const own = chooseShown(above, owner, this.#namesOf(above, naming))
    if (own.named) return own
    const offered = this.#nameless.offered.get(above)?.find((offer) => offer.owner === owner)
    return offered ?? (wildcard && { certificates: [], unnamed: true })
  }

  #sameHost(host: string, { certificates, unnamed }: Settled): TlsHost {
    const next = { host, policy, certificates: orderByKind(certificates), ...(unnamed && { unnamed }) }
    const last = this.#hosts.get(host)
    return last !== undefined && isEqual(last, next) ? last : next
  }

  #resultFor(withTls: readonly Contribution[]): TlsResult {
    const certificates = new Map<string, Certificate>()
    const [uses, diagnostics]: [CertificateUse[], Diagnostic[]] = [[], []]
    for (const contribution of withTls) {
      const read = this.#reader.read(contribution)
      for (const use of read.uses) uses.push(use)
      for (const one of read.diagnostics) diagnostics.push(one)
    }
    for (const shown of this.#shown.values()) for (const one of shown.diagnostics) diagnostics.push(one)
    for (const settled of this.#settled.values())
      for (const certificate of settled.certificates) certificates.set(certificate.id, certificate)
    return { hosts: this.#hosts, certificates, uses, diagnostics }
  }
}

/** Those that its tls entries name. */
function hostsOf({ ingress }: Contribution): string[] {
  return ingress.tls.flatMap(({ hosts }) => hosts)
}

function ownerByRules(ruled: Given['ruled'], host: string): string | undefined {
  return ruled.get(host)?.[0]?.ingress.ref.namespace
}

/** The namespace whose rules take the requests for a host. */
function routeOwner(ruled: Given['ruled'], host: string): string | undefined {
  return ownerByRules(ruled, host) ?? ownerByRules(ruled, aboveOf(host))
}

/** The wildcard above, or the wildcard itself. */
function aboveOf(host: string): string {
  return wildcardAbove(host) ?? host
}

function isSameEntries(a: readonly NamelessEntries[], b: readonly NamelessEntries[]): boolean {
  return a.length === b.length && a.every(({ certificates }, at) => certificates === b[at]?.certificates)
}

function isEqual(a: TlsHost, b: TlsHost): boolean {
  return a.policy === b.policy && a.unnamed === b.unnamed && a.certificates.join() === b.certificates.join()
}

/** ECDSA first: it costs the server a tenth. */
function orderByKind(certificates: readonly Certificate[]): string[] {
  return certificates.toSorted((a, b) => Number(a.keyType === 'rsa') - Number(b.keyType === 'rsa')).map(({ id }) => id)
}
