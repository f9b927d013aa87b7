import { Groups, NextMap } from '../base/index.ts'
import type { Grouped } from '../base/index.ts'
import type { Diagnostic, HostTable, RouteTable } from '../model/index.ts'
import type { Backends } from './backends.ts'
import { compareAge } from './contribution.ts'
import type { Contribution } from './contribution.ts'
import { mergeHost } from './merge-host.ts'
import type { MergedHost } from './merge-host.ts'
import { wildcardAbove } from './wildcard-above.ts'

type TlsHosts = RouteTable['tls']

/** The hosts of which Ingresses have rules, each with those Ingresses, in order of age: the first one's namespace owns it. */
export type RuledHosts = Grouped<Contribution>

/** What hosts are merged with besides their rules. */
interface Surroundings {
  readonly tlsHosts: TlsHosts
  readonly backends: Backends
}

/** A merged host with what it was merged from: equal inputs give the same table again. */
interface KeptHost extends MergedHost {
  readonly contributions: readonly Contribution[]
  /** What of the surroundings concerns this host. */
  readonly circumstances: string
}

export interface MergedHosts {
  readonly tables: ReadonlyMap<string, HostTable>
  readonly diagnostics: readonly Diagnostic[]
}

/** Merges hosts one by one, and merges none again whose inputs are the same as last time. */
export class HostMerger {
  readonly #groups = new Groups<Contribution>(({ rules }) => rules.keys(), compareAge)
  readonly #kept = new Map<string, KeptHost>()
  #surroundings: Surroundings | undefined
  #tables: ReadonlyMap<string, HostTable> = new Map()

  group(contributions: readonly Contribution[]): RuledHosts {
    return this.#groups.update(contributions)
  }

  merge({ groups, changed }: RuledHosts, tlsHosts: TlsHosts, backends: Backends): MergedHosts {
    const now = { tlsHosts, backends }
    const still = this.#surroundings !== undefined && isSame(this.#surroundings, now)
    const tables = new NextMap(this.#tables)
    for (const host of still ? changed : new Set([...changed, ...groups.keys()])) {
      const contributions = groups.get(host)
      const kept = contributions && mergeAnew(this.#kept.get(host), host, contributions, now)
      tables.put(host, kept?.table)
      if (kept === undefined) this.#kept.delete(host)
      else this.#kept.set(host, kept)
    }
    this.#surroundings = now
    this.#tables = tables.map
    return { tables: this.#tables, diagnostics: this.#diagnostics() }
  }

  #diagnostics(): Diagnostic[] {
    const found: Diagnostic[] = []
    for (const { diagnostics } of this.#kept.values()) for (const one of diagnostics) found.push(one)
    return found
  }
}

function isSame(a: Surroundings, b: Surroundings): boolean {
  const [one, other] = [a.backends, b.backends]
  return a.tlsHosts === b.tlsHosts && one.standard?.key === other.standard?.key && one.faults === other.faults
}

function mergeAnew(
  kept: KeptHost | undefined,
  host: string,
  contributions: readonly Contribution[],
  { tlsHosts, backends: { standard, faults, faulty } }: Surroundings,
): KeptHost {
  const tls = isTlsHost(host, contributions, tlsHosts)
  const faultTexts = contributions.map((contribution) => faulty.get(contribution) ?? '')
  const circumstances = `${tls} ${standard?.key} ${faultTexts.join(' ')}`
  if (kept?.contributions === contributions && kept.circumstances === circumstances) return kept
  const { table, diagnostics } = mergeHost(host, contributions, {
    tls,
    standard,
    faultOf: ({ key }) => faults.get(key),
  })
  const same = kept !== undefined && JSON.stringify(kept.table) === JSON.stringify(table)
  return { contributions, circumstances, diagnostics, table: same ? kept.table : table }
}

/**
 * A host has TLS if a tls entry of its owner names it or stands for it, or if an Ingress of its owner has a tls section at
 * all: then it is served with the default certificate.
 */
function isTlsHost(host: string, contributions: readonly Contribution[], tlsHosts: TlsHosts): boolean {
  const shown = tlsHosts.get(host) ?? tlsHosts.get(wildcardAbove(host) ?? host)
  if (shown !== undefined && shown.unnamed !== true) return true
  const owner = contributions[0]?.ingress.ref.namespace
  return contributions.some(({ ingress }) => ingress.ref.namespace === owner && ingress.tls.length > 0)
}
