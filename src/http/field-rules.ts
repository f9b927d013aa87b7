import type { DropReason } from './message.ts'

/**
 * Which fields never go on. *Hop-by-hop* concern one connection (RFC 9110 7.6.1). *Managed* fields tell the upstream who
 * asked and how: nobody but the proxy may set them, so they are removed in every spelling and set by us.
 */
const hopByHop: ReadonlySet<string> = new Set([
  'connection',
  'http2-settings',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** Fields that decide where a message ends or whom it is for: never taken from trailers or aliases. */
const framing: ReadonlySet<string> = new Set(['content-length', 'expect', 'host', 'transfer-encoding'])

/**
 * Addresses of clients stand here under every name that common libraries look at unasked. Fields of one CDN
 * (`CF-Connecting-IP`) do not: who reads those stands behind that CDN, which lets no client set them.
 */
const managed: ReadonlySet<string> = new Set([
  'client-ip',
  'forwarded',
  'forwarded-for',
  'proxy',
  'proxy-client-ip',
  'true-client-ip',
  'wl-proxy-client-ip',
  'x-client-ip',
  'x-cluster-client-ip',
  'x-forwarded',
  'x-lintel-hops',
  'x-real-ip',
  'x-request-id',
  'x-rewrite-url',
  'x-scheme',
])

const managedPrefixes = ['x-forwarded-', 'x-original-', 'ssl-client-', 'x-ssl-client-', 'x-lintel-']

function isManaged(name: string): boolean {
  return managed.has(name) || managedPrefixes.some((prefix) => name.startsWith(prefix))
}

/** Back ends fold names: CGI and PHP read `X_Real.IP` as X-Real-IP. So we fold too before we judge. */
function fold(name: string): string {
  return name.toLowerCase().replaceAll(/[^\da-z]/g, '-')
}

/** Why a request field does not go on; undefined if it does. `name` in any case. */
export function requestDrop(name: string): DropReason | undefined {
  const lower = name.toLowerCase()
  if (hopByHop.has(lower)) return 'hop-by-hop'
  if (framing.has(lower)) return 'framing'
  if (isManaged(lower)) return 'managed'
  const folded = fold(name)
  if (folded === lower) return undefined
  if (isManaged(folded) || hopByHop.has(folded) || framing.has(folded)) return 'alias'
  return lower.includes('_') ? 'underscore' : undefined
}

/** The same for an upstream's answer. `Server` is taken out elsewhere, since the route's policy decides about it. */
export function responseDrop(name: string): DropReason | undefined {
  const lower = name.toLowerCase()
  if (hopByHop.has(lower)) return 'hop-by-hop'
  if (lower === 'content-length') return 'framing'
  return lower === 'x-lintel-hops' ? 'managed' : undefined
}

/** Schemes that authenticate a connection and not a request: from then on it speaks for one client (RFC 4559 6). */
const connectionScheme = /(?:^|[\t ,])(?:negotiate|ntlm)(?:$|[\t ,])/i

/** Whether challenges or credentials, or as much of them as names the scheme, are of such a scheme. */
export function bindsConnection(text: string): boolean {
  return connectionScheme.test(text)
}

const notInTrailers: ReadonlySet<string> = new Set([
  'age',
  'authorization',
  'cache-control',
  'content-encoding',
  'content-range',
  'content-type',
  'cookie',
  'date',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-range',
  'if-unmodified-since',
  'location',
  'max-forwards',
  'range',
  'retry-after',
  'server',
  'set-cookie',
  'vary',
  'www-authenticate',
])

/** Why a trailer field does not go on: what routes, frames, authenticates or controls has no place there (RFC 9110 6.5.1). */
export function trailerDrop(name: string): DropReason | undefined {
  return requestDrop(name) ?? (notInTrailers.has(fold(name)) ? 'framing' : undefined)
}
