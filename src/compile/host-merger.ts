import type { BackendKey } from '../model/index.ts'
import type { Backends } from './backends.ts'
import { referenceOf } from './build-route.ts'
import type { FaultOf } from './build-route.ts'
import type { Contribution } from './contribution.ts'
import { mergeHost } from './merge-host.ts'
import type { HostRule, MergedHost } from './merge-host.ts'
import type { ReferenceFault } from './service-port.ts'
import type { TlsResult } from './tls-hosts.ts'

/** A merged host with what it was merged from: equal inputs give the same table again. */
interface KeptHost extends MergedHost {
  readonly rules: readonly HostRule[]
  readonly circumstances: string
}

/** Merges hosts one by one, and merges none again whose inputs are the same as last time. */
export class HostMerger {
  #kept: ReadonlyMap<string, KeptHost> = new Map()

  merge(
    rulesByHost: ReadonlyMap<string, readonly HostRule[]>,
    tls: TlsResult,
    { faults, standard }: Backends,
  ): ReadonlyMap<string, MergedHost> {
    const merged = new Map<string, KeptHost>()
    for (const [host, rules] of rulesByHost) {
      const isTls = isTlsHost(host, rules, tls)
      const circumstances = `${isTls} ${standard?.key} ${rules.flatMap((rule) => faultsOf(rule, faults)).join()}`
      const kept = this.#kept.get(host)
      const same = kept !== undefined && kept.circumstances === circumstances && sameRules(kept.rules, rules)
      const faultOf: FaultOf = ({ key }) => faults.get(key)
      merged.set(
        host,
        same ? kept : { rules, circumstances, ...mergeHost(host, rules, { tls: isTls, standard, faultOf }) },
      )
    }
    this.#kept = merged
    return merged
  }
}

/** The rules of each host, in order of age. */
export function groupByHost(contributions: readonly Contribution[]): ReadonlyMap<string, readonly HostRule[]> {
  const rules = contributions.flatMap((contribution) =>
    contribution.ingress.rules.map((rule) => ({ contribution, rule })),
  )
  return Map.groupBy(rules, ({ rule }) => rule.host)
}

function sameRules(a: readonly HostRule[], b: readonly HostRule[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ contribution, rule }, at) => contribution === b[at]?.contribution && rule === b[at].rule)
  )
}

function faultsOf({ contribution, rule }: HostRule, faults: ReadonlyMap<BackendKey, ReferenceFault>): string[] {
  const { defaultBackend } = contribution.ingress
  const backends = [
    ...(defaultBackend === undefined ? [] : [defaultBackend]),
    ...(rule.paths ?? []).map(({ backend }) => backend),
  ]
  return backends.map((backend) => faults.get(referenceOf(contribution, backend)?.key ?? '') ?? '')
}

/**
 * A host has TLS if a tls entry names it or stands for it, or if an Ingress of its owner has a tls section at all: then
 * it is served with the default certificate.
 */
function isTlsHost(host: string, rules: readonly HostRule[], { hosts }: TlsResult): boolean {
  const dot = host.indexOf('.')
  if (hosts.has(host) || (dot > 0 && hosts.has(`*${host.slice(dot)}`))) return true
  const owner = rules[0]?.contribution.ingress.ref.namespace
  return rules.some(({ contribution: { ingress } }) => ingress.ref.namespace === owner && ingress.tls.length > 0)
}
