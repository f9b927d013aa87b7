import type { ClusterOptions } from '../serve-options.ts'
import type { FlagValues } from './flag-values.ts'
import { UsageError } from './usage-error.ts'

const label = /^[a-z\d]([a-z\d-]{0,61}[a-z\d])?$/

/** A selector is no restriction of what is read: it chooses among the Secrets of the whole cluster. */
const noNamespaces =
  '--secrets=namespaces needs --watch-namespace: without it the Secrets of all namespaces are read, which is --secrets=cluster'

/** What the flags say of a cluster; undefined if none is meant. */
export function readClusterOptions(values: FlagValues): ClusterOptions | undefined {
  const kubeconfig = values.text('kubeconfig')
  const context = values.text('context')
  const namespaces = readNamespaces(values)
  const namespaceSelector = values.text('watch-namespace-selector')
  if (namespaces.length > 0 && namespaceSelector !== undefined)
    throw new UsageError('either --watch-namespace or --watch-namespace-selector, not both')
  const secrets = values.word('secrets', ['named', 'namespaces', 'cluster'])
  if (secrets === 'namespaces' && namespaces.length === 0) throw new UsageError(noNamespaces)
  if (!values.on('kubernetes') && kubeconfig === undefined && context === undefined) return undefined
  return { kubeconfig, context, namespaces, namespaceSelector, secrets }
}

/** Those of `--watch-namespace`: repeated, or separated by commas. */
export function readNamespaces(values: FlagValues): string[] {
  const names = values.all('watch-namespace').flatMap((text) => text.split(','))
  const namespaces = [...new Set(names.map((name) => name.trim()).filter((name) => name !== ''))]
  const wrong = namespaces.find((name) => !label.test(name))
  if (wrong !== undefined) throw new UsageError(`--watch-namespace ${wrong}: the name of a namespace wanted`)
  return namespaces
}
