import { diagnose } from '../model/index.ts'
import type {
  Certificate,
  Compilation,
  Diagnostic,
  Dialect,
  ObjectRef,
  Route,
  Snapshot,
  SourceObject,
  TlsHost,
} from '../model/index.ts'
import { compileBackends } from './backends.ts'
import { compileCatchAll } from './catch-all.ts'
import { ClassSelector } from './class-selection.ts'
import type { CompileOptions } from './compile-options.ts'
import { ConfigReader } from './config-reader.ts'
import { compareAge, contribute } from './contribution.ts'
import type { Contribution } from './contribution.ts'
import { chooseDefault } from './default-certificates.ts'
import { groupByHost, HostMerger } from './host-merger.ts'
import { readIdentity } from './kinds/index.ts'
import type { IngressObject } from './kinds/index.ts'
import type { Config } from './read-config.ts'
import { ObjectReader } from './read-objects.ts'
import { certificateOf, compileTls, SecretJudge } from './tls-hosts.ts'

/**
 * Snapshot → Compilation: pure and total. What it keeps between calls (what was read of an object, merged of a host,
 * judged of a Secret) saves time and never changes a result: the same objects give an equal compilation, in whatever
 * order they come and whatever came before.
 */
export class Compiler {
  readonly #options: CompileOptions
  readonly #reader: ObjectReader
  readonly #configs: ConfigReader
  readonly #judge = new SecretJudge()
  readonly #merger = new HostMerger()
  readonly #selfMade: Certificate | undefined
  readonly #contributions = new WeakMap<IngressObject, Contribution>()
  #lastTls: ReadonlyMap<string, TlsHost> = new Map()
  #lastCatchAll: Route | undefined

  constructor(options: CompileOptions) {
    this.#options = options
    this.#reader = new ObjectReader(options)
    this.#configs = new ConfigReader(options)
    const { selfMade } = options
    const judged = selfMade && certificateOf('lintel/self-made', selfMade.chain, selfMade.key)
    this.#selfMade = judged !== undefined && 'certificate' in judged ? judged.certificate : undefined
  }

  compile(snapshot: Snapshot): Compilation {
    const objects = this.#reader.read(snapshot)
    const config = this.#configs.read(objects.configMap)
    const ours = this.#select(objects.ingresses, new ClassSelector(objects.classes, this.#options), config)
    const { contributions } = ours
    const backends = compileBackends(contributions, objects.services, this.#options)
    const rules = groupByHost(contributions)
    const owners = new Map([...rules].map(([host, [first]]) => [host, first?.contribution.ingress.ref.namespace ?? '']))
    const tls = compileTls({ contributions, owners, secrets: objects.secrets, judge: this.#judge })
    const hosts = this.#merger.merge(rules, tls, backends)
    const catchAll = compileCatchAll(contributions, config, backends)
    const shown = chooseDefault(this.#options.defaultCertificate, objects.secrets, this.#judge, this.#selfMade)
    const merged = [...hosts.values()].flatMap((host) => host.diagnostics)
    const parts = [objects, config, ours, backends, tls, { diagnostics: merged }, catchAll, shown]
    return {
      table: {
        hosts: new Map([...hosts].map(([host, { table }]) => [host, table])),
        catchAll: this.#sameCatchAll(catchAll.route),
        tls: this.#sameTls(tls.hosts),
        certificates: new Map(
          [...shown.certificates, ...tls.certificates.values()].map((certificate) => [certificate.id, certificate]),
        ),
        defaultCertificates: shown.certificates.map(({ id }) => id),
        settings: config.settings,
      },
      backends: backends.references,
      faults: backends.faults,
      diagnostics: parts.flatMap(({ diagnostics }) => diagnostics),
      certificateUses: tls.uses,
      accepted: [...objects.accepted, ...contributions.map(({ ingress }) => ingress.ref)],
      refused: [...objects.refused, ...ours.foreign],
    }
  }

  /**
   * `namespace/name` of the Secrets that are read for the objects that are ours, with a text that changes when one of those
   * that name it does.
   */
  namedSecrets(snapshot: Snapshot): ReadonlyMap<string, string> {
    const { ingresses, classes, configMap } = this.#reader.read(snapshot)
    const selector = new ClassSelector(classes, this.#options)
    const { contributions } = this.#select(ingresses, selector, this.#configs.read(configMap))
    const named = contributions.flatMap(({ ingress }) =>
      ingress.tls.flatMap(({ secretName }) =>
        secretName === undefined ? [] : [{ secret: `${ingress.ref.namespace}/${secretName}`, ingress }],
      ),
    )
    const revisions = Map.groupBy(named, ({ secret }) => secret)
    const { defaultCertificate } = this.#options
    return new Map([
      ...(defaultCertificate === undefined ? [] : [[defaultCertificate, ''] as const]),
      ...[...revisions].map(
        ([secret, naming]) => [secret, naming.map(({ ingress }) => ingress.revision).join(' ')] as const,
      ),
    ])
  }

  /** Whether an Ingress is ours by the classes that there are, whatever is wrong with the rest of it. */
  claims(snapshot: Snapshot, ingress: SourceObject): boolean {
    const { classes } = this.#reader.read(snapshot)
    return new ClassSelector(classes, this.#options).select(readIdentity(ingress)).dialect !== undefined
  }

  /** Ours, in order of age; what there is to say of them; and those that are somebody else's. */
  #select(ingresses: readonly IngressObject[], selector: ClassSelector, config: Config): Selected {
    const contributions: Contribution[] = []
    const diagnostics: Diagnostic[] = []
    const foreign: ObjectRef[] = []
    for (const ingress of ingresses) {
      const { dialect, diagnostics: found } = selector.select(ingress)
      const contribution = dialect && this.#contribute(ingress, dialect, config)
      diagnostics.push(...found, ...(contribution?.diagnostics ?? []))
      if (contribution === undefined) foreign.push(ingress.ref)
      else contributions.push(contribution)
    }
    return { contributions: contributions.toSorted(compareAge), diagnostics, foreign }
  }

  #contribute(ingress: IngressObject, dialect: Dialect, config: Config): Contribution {
    const kept = this.#contributions.get(ingress)
    if (kept?.dialect === dialect && kept.config === config) return kept
    const contribution = contribute(ingress, dialect, config)
    this.#contributions.set(ingress, contribution)
    return contribution
  }

  /** What is equal to what it was before stays the same object, so that only changes travel. */
  #sameTls(hosts: ReadonlyMap<string, TlsHost>): ReadonlyMap<string, TlsHost> {
    const same = new Map(
      [...hosts].map(([host, next]) => {
        const last = this.#lastTls.get(host)
        const equal =
          last !== undefined && last.policy === next.policy && last.certificates.join() === next.certificates.join()
        return [host, equal ? last : next]
      }),
    )
    this.#lastTls = same
    return same
  }

  #sameCatchAll(route: Route | undefined): Route | undefined {
    if (JSON.stringify(route) !== JSON.stringify(this.#lastCatchAll)) this.#lastCatchAll = route
    return this.#lastCatchAll
  }
}

interface Selected {
  readonly contributions: readonly Contribution[]
  readonly diagnostics: readonly Diagnostic[]
  readonly foreign: readonly ObjectRef[]
}

/** Certificates in use that are past their end, or not valid yet. `now` is wall time in milliseconds. */
export function expiredCertificates({ table, certificateUses }: Compilation, now: number): Diagnostic[] {
  return certificateUses.flatMap(({ id, object, field }) => {
    const certificate = table.certificates.get(id)
    if (certificate === undefined || (certificate.notBefore <= now && now < certificate.notAfter)) return []
    const [secret] = id.split('@')
    const message =
      certificate.notAfter <= now
        ? `ended on ${printDay(certificate.notAfter)}`
        : `begins on ${printDay(certificate.notBefore)}`
    return [
      diagnose(
        'CertificateExpired',
        { object, field },
        { message: `the certificate of Secret ${secret} ${message}; it is shown all the same`, hint: 'Renew it.' },
      ),
    ]
  })
}

function printDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}
