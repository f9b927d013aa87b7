import { isRecord } from '../kube/index.ts'
import type { Resource } from '../kube/index.ts'
import type { Json, JsonRecord } from '../model/index.ts'

export const webhookConfigurations: Resource = {
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  plural: 'validatingwebhookconfigurations',
  namespaced: false,
}

/**
 * A merge patch by which every webhook of a configuration trusts these authorities; undefined if they do already. It is
 * refused if somebody else has changed the configuration in between.
 */
export function trustPatch({ metadata, webhooks }: JsonRecord, authorities: string): JsonRecord | undefined {
  const caBundle = Buffer.from(authorities).toString('base64')
  const all = Array.isArray(webhooks) ? (webhooks as readonly Json[]) : []
  if (all.every((webhook) => bundleOf(webhook) === caBundle)) return undefined
  const { resourceVersion = '' } = isRecord(metadata) ? metadata : {}
  return { metadata: { resourceVersion }, webhooks: all.map((webhook) => withBundle(webhook, caBundle)) }
}

function bundleOf(webhook: Json): Json | undefined {
  return clientOf(webhook)['caBundle']
}

function withBundle(webhook: Json, caBundle: string): Json {
  return isRecord(webhook) ? { ...webhook, clientConfig: { ...clientOf(webhook), caBundle } } : webhook
}

function clientOf(webhook: Json): JsonRecord {
  const { clientConfig } = isRecord(webhook) ? webhook : {}
  return isRecord(clientConfig) ? clientConfig : {}
}
