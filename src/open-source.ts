import { configMapKind, kinds as allKinds, SecretJudge } from './compile/index.ts'
import { connect, KubeClient, NoCluster } from './kube/index.ts'
import type { KubeError, Reflected, Reflector } from './kube/index.ts'
import type { Snapshot } from './model/index.ts'
import { onlyNews } from './only-news.ts'
import { reportFaults } from './report-faults.ts'
import { reportRefusals } from './report-refusals.ts'
import type { ServeOptions } from './serve-options.ts'
import { ClusterSource, FilesSource } from './source/index.ts'
import type { FlaggedObjects, NamedObjects, NamedSecretsState, Source } from './source/index.ts'
import { systemClock as clock } from './system-clock.ts'

/** The source that was asked for, and the way to the API server where there is one. */
export interface OpenedSource {
  readonly source: Source
  readonly client: KubeClient | undefined
  /** The watches of the cluster; none from files. */
  readonly reflectors: readonly Reflector[]
  /** What is known of Secrets where they are read one by one; undefined: they are not. */
  readonly secrets: () => NamedSecretsState | undefined
}

export type SourceOptions = Pick<ServeOptions, 'cluster' | 'paths' | 'standardInput' | keyof FlaggedObjects>

export interface SourceNeeds {
  readonly namedSecrets: (snapshot: Snapshot) => NamedObjects
  /** Whether traffic is served by a table of before; absent: it is not. */
  readonly continues?: () => boolean
  /** Told of faults of the API server. */
  readonly failed: (message: string) => void
  /** Told of what may not be read and counts as absent. */
  readonly missed: (message: string) => void
}

const nextTry = 5_000

/** As `openSource`, but a kubeconfig that is not there yet, or is being written, is waited for. */
export async function waitForSource(options: SourceOptions, needs: SourceNeeds): Promise<OpenedSource> {
  const failed = onlyNews(needs.failed)
  for (;;) {
    try {
      return await openSource(options, needs)
    } catch (error) {
      if (!(error instanceof NoCluster)) throw error
      failed(error.message)
      await new Promise<void>((wake) => clock.after(nextTry, wake))
    }
  }
}

/** Rejects with `NoCluster` where it cannot be told which cluster is meant. */
export async function openSource(
  { cluster, paths, standardInput, configMap, defaultCertificate, defaultBackend }: SourceOptions,
  needs: SourceNeeds,
): Promise<OpenedSource> {
  const secrets = new SecretJudge()
  // Most ConfigMaps are nobody's business here: they are read only where one was named.
  const kinds = allKinds.filter((kind) => kind !== configMapKind || configMap !== undefined)
  const judge = (secret: Parameters<SecretJudge['faultOf']>[0]): ReturnType<SecretJudge['faultOf']> =>
    secrets.faultOf(secret)
  if (cluster === undefined)
    return {
      source: new FilesSource({ paths, standardInput }, kinds, judge, clock),
      client: undefined,
      reflectors: [],
      secrets: () => undefined,
    }
  const client = new KubeClient(await connect(cluster, clock), clock, () => Math.random())
  const stages = {
    client,
    kinds,
    judge,
    namedSecrets: needs.namedSecrets,
    continues: needs.continues ?? ((): boolean => false),
    clock,
    random: () => Math.random(),
    failed: reportTo(needs, client),
  }
  const source = new ClusterSource({ ...cluster, configMap, defaultCertificate, defaultBackend }, stages)
  return { source, client, reflectors: source.reflectors, secrets: () => source.namedSecrets }
}

/** What is refused is told with the name of its collection. */
function reportTo(
  { failed, missed }: SourceNeeds,
  client: KubeClient,
): (collection: Reflected, error: KubeError) => void {
  const report = reportFaults(failed, () => client.pace.ill)
  const reportMissed = reportRefusals(missed)
  return ({ kind, scope, optional }, error) => {
    const what = scope.namespace === undefined ? kind.plural : `${kind.plural} of namespace ${scope.namespace}`
    if (optional && !error.isOutage) reportMissed(what, error)
    else report(what, error)
  }
}
