import type { AdmissionOptions } from '../admission/index.ts'
import { foreignAdmissionFlags } from './flag-table.ts'
import type { FlagValues } from './flag-values.ts'
import { UsageError } from './usage-error.ts'

const standardPort = 9_443
const label = /^[a-z]([a-z\d-]{0,61}[a-z\d])?$/

/** What the flags say of reviews; undefined if nothing is reviewed. */
export function readAdmissionOptions(
  values: FlagValues,
  fromCluster: boolean,
  environment: Readonly<Record<string, string | undefined>>,
): AdmissionOptions | undefined {
  const foreign = foreignAdmissionFlags.find((flag) => values.text(flag.name) !== undefined)
  if (foreign !== undefined)
    throw new UsageError(
      `--${foreign.name}: the webhook of ingress-nginx is not served; --admission-webhook is, with a certificate of its own`,
    )
  const name = values.text('admission-name') ?? 'lintel-admission'
  if (!label.test(name)) throw new UsageError(`--admission-name ${name}: the name of a Service wanted`)
  const port = values.port('admission-port') ?? standardPort
  const conflicts = values.word('admission-conflicts', ['warn', 'refuse'])
  if (!values.on('admission-webhook')) return undefined
  if (!fromCluster) throw new UsageError('--admission-webhook needs a cluster: --kubernetes')
  return { port, conflicts, name, namespace: environment['POD_NAMESPACE'] }
}
