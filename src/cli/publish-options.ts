import { isIP } from 'node:net'

import type { PublishOptions } from '../publish/index.ts'
import { readNamespaces } from './cluster-options.ts'
import type { FlagValues } from './flag-values.ts'
import { UsageError } from './usage-error.ts'

const hostname = /^(?=.{1,253}$)[a-z\d]([a-z\d-]{0,61}[a-z\d])?(\.[a-z\d]([a-z\d-]{0,61}[a-z\d])?)*$/

/** What the flags say of what is written to a cluster; undefined if nothing is. */
export function readPublishOptions(
  values: FlagValues,
  environment: Readonly<Record<string, string | undefined>>,
): PublishOptions | undefined {
  const [namespace = '', name = ''] = values.namespacedName('publish-service')?.split('/') ?? []
  const addresses = readAddresses(values)
  if (values.text('update-status') === 'false') return undefined
  return {
    namespaces: readNamespaces(values),
    electionId: values.text('election-id') ?? 'lintel-leader',
    podNamespace: environment['POD_NAMESPACE'],
    podName: environment['POD_NAME'],
    addresses,
    service: name === '' ? undefined : { namespace, name },
    internalAddresses: values.on('report-node-internal-ip-address'),
  }
}

/** Repeated, or separated by commas. */
function readAddresses(values: FlagValues): string[] {
  const addresses = values.all('publish-status-address').flatMap((text) => text.split(',').map((part) => part.trim()))
  const wrong = addresses.find((text) => isIP(text) === 0 && !hostname.test(text))
  if (wrong !== undefined)
    throw new UsageError(`--publish-status-address ${wrong}: an IP address or a host name in lower case wanted`)
  return addresses
}
