import { kinds, SecretJudge } from './compile/index.ts'
import { connect, KubeClient } from './kube/index.ts'
import type { KubeError, Reflected } from './kube/index.ts'
import type { Snapshot } from './model/index.ts'
import type { ClusterOptions, ServeOptions } from './serve-options.ts'
import { ClusterSource, FilesSource } from './source/index.ts'
import type { NamedObjects, Source } from './source/index.ts'
import { systemClock as clock } from './system-clock.ts'

/** The source that was asked for, and the way to the API server where there is one. */
export interface OpenedSource {
  readonly source: Source
  readonly client: KubeClient | undefined
}

export interface SourceNeeds {
  readonly namedSecrets: (snapshot: Snapshot) => NamedObjects
  /** Told of faults of the API server. */
  readonly failed: (message: string) => void
}

/** Rejects where it cannot be told which cluster is meant. */
export async function openSource(
  { cluster, paths, standardInput }: Pick<ServeOptions, 'cluster' | 'paths' | 'standardInput'>,
  { namedSecrets, failed }: SourceNeeds,
): Promise<OpenedSource> {
  const secrets = new SecretJudge()
  const judge = (secret: Parameters<SecretJudge['faultOf']>[0]): ReturnType<SecretJudge['faultOf']> =>
    secrets.faultOf(secret)
  if (cluster === undefined)
    return { source: new FilesSource({ paths, standardInput }, kinds, judge, clock), client: undefined }
  const client = await openClient(cluster)
  const stages = {
    client,
    kinds,
    judge,
    namedSecrets,
    clock,
    random: () => Math.random(),
    failed: (collection: Reflected, error: KubeError) => failed(describe(collection, error)),
  }
  return { source: new ClusterSource(cluster, stages), client }
}

export async function openClient(options: ClusterOptions): Promise<KubeClient> {
  return new KubeClient(await connect(options), clock, () => Math.random())
}

function describe({ kind, scope }: Reflected, { message }: KubeError): string {
  const where = scope.namespace === undefined ? '' : ` of namespace ${scope.namespace}`
  return `${kind.plural}${where}: ${message}`
}
