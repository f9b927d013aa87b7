import type { HeadLimits } from '../http/index.ts'

/** What the data plane is started with. Times in milliseconds. The defaults are the design's table. */
export interface Settings {
  readonly requestLimits: HeadLimits
  /** Octets of an upstream's head. */
  readonly upstreamHead: number
  readonly clientHeadTimeout: number
  /** Silence inside a request body. */
  readonly clientBodyTimeout: number
  readonly keepAliveTimeout: number
  readonly connectTimeout: number
  /** To the answer head after the whole request was sent, and between body octets. */
  readonly upstreamTimeout: number
  /** A peer that takes no octet while we hold some, either side. */
  readonly stallTimeout: number
  readonly handshakeTimeout: number
  /** Ports in redirects, X-Forwarded-Port and printed URLs. */
  readonly publicHttpPort: number
  readonly publicHttpsPort: number
  /** Ranges of addresses of proxies in front that are believed when they say for whom they ask. */
  readonly trustedProxies: readonly string[]
  /** Ranges of addresses of balancers in front that may introduce clients by the PROXY protocol. */
  readonly introducers: readonly string[]
  /** On which ports the PROXY protocol is spoken. */
  readonly proxyProtocol: readonly ('http' | 'https')[]
}

/** Those that the ConfigMap may say too; they travel with the table and may change while the process runs. */
export type ConfiguredSettings = Partial<
  Pick<
    Settings,
    'clientHeadTimeout' | 'clientBodyTimeout' | 'keepAliveTimeout' | 'trustedProxies' | 'introducers' | 'proxyProtocol'
  >
>

export const defaultSettings: Settings = {
  requestLimits: { requestLine: 16 * 1024, head: 64 * 1024, fields: 128 },
  upstreamHead: 64 * 1024,
  clientHeadTimeout: 10_000,
  clientBodyTimeout: 60_000,
  keepAliveTimeout: 75_000,
  connectTimeout: 5_000,
  upstreamTimeout: 60_000,
  stallTimeout: 60_000,
  handshakeTimeout: 10_000,
  publicHttpPort: 80,
  publicHttpsPort: 443,
  trustedProxies: [],
  introducers: [],
  proxyProtocol: [],
}
