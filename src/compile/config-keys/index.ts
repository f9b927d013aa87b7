import type { ConfigKey } from './define-config-key.ts'
import { noAuthLocations, noTlsRedirectLocations } from './exempt-paths.ts'
import { proxyRealIpCidr, useForwardedHeaders, useProxyProtocol } from './front.ts'
import { hstsKeys } from './hsts.ts'
import { ruleKeys } from './rules.ts'
import { timeKeys } from './times.ts'

/** Every key of a ConfigMap of ingress-nginx that is served. */
export const configKeys: readonly ConfigKey[] = [
  useProxyProtocol,
  useForwardedHeaders,
  proxyRealIpCidr,
  ...ruleKeys,
  noTlsRedirectLocations,
  noAuthLocations,
  ...hstsKeys,
  ...timeKeys,
]

export { alikeAnyway, configGuards, unservedKeys } from './catalogue.ts'
export type { ConfigDraft, ConfigKey } from './define-config-key.ts'
