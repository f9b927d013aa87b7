import { sameMap } from '../base/index.ts'
import type { Certificate, Compilation, Route, RouteTable, Snapshot, SourceObject } from '../model/index.ts'
import { BackendFinder } from './backends.ts'
import { compileCatchAll } from './catch-all.ts'
import type { CompileOptions } from './compile-options.ts'
import { ConfigReader } from './config-reader.ts'
import { chooseDefault } from './default-certificates.ts'
import { HostMerger } from './host-merger.ts'
import { readIdentity } from './kinds/index.ts'
import { FindingsLimit } from './limit-findings.ts'
import { ObjectReader } from './read-objects.ts'
import { certificateOf, SecretJudge } from './secret-judge.ts'
import { Selector } from './selector.ts'
import { TlsHosts } from './tls-hosts.ts'

/**
 * Snapshot → Compilation: pure and total. What it keeps between calls (what was read of an object, merged of a host,
 * judged of a Secret) saves time and never changes a result: the same objects give an equal compilation, in whatever
 * order they come and whatever came before.
 */
export class Compiler {
  readonly #options: CompileOptions
  readonly #reader: ObjectReader
  readonly #configs: ConfigReader
  readonly #selector: Selector
  readonly #finder: BackendFinder
  readonly #judge = new SecretJudge()
  readonly #tls = new TlsHosts(this.#judge)
  readonly #merger = new HostMerger()
  readonly #limit = new FindingsLimit()
  readonly #selfMade: Certificate | undefined
  #last: Pick<RouteTable, 'certificates' | 'catchAll'> = {
    certificates: new Map(),
    catchAll: undefined,
  }

  constructor(options: CompileOptions) {
    this.#options = options
    this.#reader = new ObjectReader(options)
    this.#configs = new ConfigReader(options)
    this.#selector = new Selector(options)
    this.#finder = new BackendFinder(options)
    const { selfMade } = options
    const judged = selfMade && certificateOf('lintel/self-made', selfMade.chain, selfMade.key)
    this.#selfMade = judged !== undefined && 'certificate' in judged ? judged.certificate : undefined
  }

  compile(snapshot: Snapshot): Compilation {
    const objects = this.#reader.read(snapshot)
    const config = this.#configs.read(objects.configMap)
    const ours = this.#selector.select(objects, config)
    const { contributions } = ours
    const backends = this.#finder.find(contributions, objects.services, snapshot.unreadServices)
    const ruled = this.#merger.group(contributions)
    const secrets = { secrets: objects.secrets, unread: snapshot.unread, judge: this.#judge }
    const tls = this.#tls.choose(contributions, ruled, secrets)
    const hosts = this.#merger.merge(ruled, tls.hosts, backends)
    const catchAll = compileCatchAll(contributions, config, backends)
    const shown = chooseDefault(this.#options.defaultCertificate, secrets, this.#selfMade)
    const parts = [objects, config, ours, backends, tls, hosts, catchAll, shown]
    this.#last = {
      certificates: sameMap(
        this.#last.certificates,
        certificatesById([...shown.certificates, ...tls.certificates.values()]),
      ),
      catchAll: this.#sameCatchAll(catchAll.route),
    }
    return {
      table: {
        ...this.#last,
        hosts: hosts.tables,
        tls: tls.hosts,
        defaultCertificates: shown.certificates.map(({ id }) => id),
        settings: config.settings,
      },
      backends: backends.references,
      faults: backends.faults,
      diagnostics: this.#limit.limit(parts.flatMap(({ diagnostics }) => diagnostics)),
      certificateUses: tls.uses,
      accepted: [...objects.accepted, ...ours.accepted],
      refused: [...objects.refused, ...ours.foreign],
    }
  }

  /**
   * `namespace/name` of the Secrets that are read for the objects that are ours, with a text that changes when one of those
   * that name it does. First entries come first: of too many, those of an Ingress with thousands are left out.
   */
  namedSecrets(snapshot: Snapshot): ReadonlyMap<string, string> {
    const objects = this.#reader.read(snapshot)
    const { contributions } = this.#selector.select(objects, this.#configs.read(objects.configMap))
    const naming = contributions.filter(({ ingress }) => ingress.tls.length > 0)
    const named = naming.flatMap(({ ingress }) =>
      ingress.tls.flatMap(({ secretName }, at) =>
        secretName === undefined ? [] : [{ secret: `${ingress.ref.namespace}/${secretName}`, ingress, at }],
      ),
    )
    const inTurn = named.toSorted((one, other) => one.at - other.at)
    const revisions = Map.groupBy(inTurn, ({ secret }) => secret)
    const { defaultCertificate } = this.#options
    return new Map([
      ...(defaultCertificate === undefined ? [] : [[defaultCertificate, ''] as const]),
      ...[...revisions].map(([secret, by]) => [secret, revisionsOf(by)] as const),
    ])
  }

  /** Whether an Ingress is ours by the classes that there are, whatever is wrong with the rest of it. */
  claims(snapshot: Snapshot, ingress: SourceObject): boolean {
    return this.#selector.claims(this.#reader.read(snapshot).classes, readIdentity(ingress))
  }

  /** One that is equal to what it was before stays the same object, so that only changes travel. */
  #sameCatchAll(route: Route | undefined): Route | undefined {
    const last = this.#last.catchAll
    return JSON.stringify(route) === JSON.stringify(last) ? last : route
  }
}

/** However often each of them names it. */
function revisionsOf(naming: readonly { readonly ingress: { readonly revision: string } }[]): string {
  return [...new Set(naming.map(({ ingress }) => ingress))].map(({ revision }) => revision).join(' ')
}

function certificatesById(certificates: readonly Certificate[]): Map<string, Certificate> {
  return new Map(certificates.map((certificate) => [certificate.id, certificate]))
}
