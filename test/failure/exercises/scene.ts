import { startLintel } from '../../support/lintel.ts'
import type { Lintel } from '../../support/lintel.ts'
import { startLoadUpstream } from '../../support/load-upstream.ts'
import type { LoadUpstream } from '../../support/load-upstream.ts'
import { failures, startLoad } from '../../support/load.ts'
import type { LedgerEntry, Load, LoadOptions } from '../../support/load.ts'
import { makeManifestFolder, printIngress } from '../../support/manifests.ts'
import type { ManifestFolder } from '../../support/manifests.ts'
import type { Course } from './findings.ts'

export interface Scene {
  readonly lintel: Lintel
  readonly folder: ManifestFolder
  readonly upstream: LoadUpstream
  readonly load: Load
}

export interface SceneOptions {
  /** Requests a second. */
  readonly rate: number
  /** Milliseconds that the upstream takes. */
  readonly delay?: number
  readonly secure?: boolean
  readonly flags?: readonly string[]
}

/** Two workers that serve `load.test` from a folder, with load on them that is answered already. */
export async function openScene({ after }: Pick<Course, 'after'>, options: SceneOptions): Promise<Scene> {
  const upstream = await startLoadUpstream(options)
  after(() => upstream.close())
  const folder = makeManifestFolder()
  after(() => folder.remove())
  folder.write('load.yaml', printIngress('load', [{ host: 'load.test', service: 'load-svc' }]))
  const backend = `load-svc:80=127.0.0.1:${upstream.port}`
  const lintel = await startLintel(['--workers', '2', '--backend', backend, ...(options.flags ?? []), folder.path])
  after(() => lintel.stop('SIGKILL'))
  const load = offerLoad(lintel, options)
  after(() => load.stop())
  await load.answered(20)
  return { lintel, folder, upstream, load }
}

export function offerLoad(lintel: Lintel, { rate, secure = false }: SceneOptions, more?: Partial<LoadOptions>): Load {
  const port = secure ? lintel.httpsPort : lintel.httpPort
  return startLoad({ port, host: 'load.test', rate, secure, ...more })
}

export function printFailures(ledger: readonly LedgerEntry[]): string[] {
  return failures(ledger).map(({ path, outcome, status, detail }) => `${path}: ${outcome} ${status ?? ''} ${detail}`)
}
