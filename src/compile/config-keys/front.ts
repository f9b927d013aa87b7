import { isRange } from '../../base/index.ts'
import { applyBoolean } from '../annotations/index.ts'
import { readList } from './define-config-key.ts'
import type { ConfigKey } from './define-config-key.ts'

export const useProxyProtocol: ConfigKey = {
  name: 'use-proxy-protocol',
  doc: 'true: balancers in front begin each connection with a header of the PROXY protocol, on both ports. Default: false.',
  apply: (text, draft) => applyBoolean(text, (value) => (draft.useProxyProtocol = value)),
}

export const useForwardedHeaders: ConfigKey = {
  name: 'use-forwarded-headers',
  doc: 'true: the proxies of proxy-real-ip-cidr are believed when they say who the client is. Default: false.',
  apply: (text, draft) => applyBoolean(text, (value) => (draft.useForwardedHeaders = value)),
}

export const proxyRealIpCidr: ConfigKey = {
  name: 'proxy-real-ip-cidr',
  doc: 'Ranges of addresses of what stands in front, separated by commas: 10.0.0.0/8,192.0.2.1/32. Default: none.',
  apply(text, draft) {
    const ranges = readList(text)
    if (!ranges.every(isRange)) return false
    draft.front = ranges
    return true
  },
}
