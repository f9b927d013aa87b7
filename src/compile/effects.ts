import type { Dialect } from '../model/index.ts'

/** How browsers are told to come by HTTPS alone (RFC 6797). */
export interface Hsts {
  readonly on: boolean
  /** Seconds. */
  readonly maxAge: number
  readonly includeSubDomains: boolean
  readonly preload: boolean
}

/** What dialect, ConfigMap and annotations of an Ingress come to, in this order: the later stands over the earlier. */
export interface Effects {
  /** Largest request body in octets; undefined: no limit. */
  bodyLimit: number | undefined
  /** Plain HTTP of hosts with TLS is sent to HTTPS. */
  sslRedirect: boolean
  /** Plain HTTP of every host is. */
  forceSslRedirect: boolean
  hsts: Hsts
  /** Milliseconds; undefined: as the process has it. */
  connectTimeout: number | undefined
  upstreamTimeout: number | undefined
  /** What guards every Ingress by `global-auth-url` guards this one too. */
  globalAuth: boolean
  /** The Ingress is to take a share of the requests of another one. */
  canary: boolean
  /** Paths are regular expressions. */
  useRegex: boolean
  /** Beginnings of rule paths that are never sent to HTTPS, and of those that authentication does not guard. */
  pathsWithoutRedirect: readonly string[]
  pathsWithoutAuth: readonly string[]
}

/** Where a certificate authority looks for the answer to a challenge, over plain HTTP (RFC 8555 8.3). */
const challenges = ['/.well-known/acme-challenge']

const hsts = { maxAge: 31_536_000, includeSubDomains: true, preload: false }

const ofSpec: Effects = {
  bodyLimit: undefined,
  sslRedirect: false,
  forceSslRedirect: false,
  hsts: { on: false, ...hsts },
  connectTimeout: undefined,
  upstreamTimeout: undefined,
  globalAuth: true,
  canary: false,
  useRegex: false,
  pathsWithoutRedirect: challenges,
  pathsWithoutAuth: challenges,
}

const ofIngressNginx: Effects = {
  ...ofSpec,
  bodyLimit: 1024 ** 2,
  sslRedirect: true,
  hsts: { on: true, ...hsts },
}

/** What an Ingress begins with before anybody has said anything. */
export function standardEffects(dialect: Dialect): Effects {
  return { ...(dialect === 'spec' ? ofSpec : ofIngressNginx) }
}

export function printHsts({ maxAge, includeSubDomains, preload }: Hsts): string {
  return [
    `max-age=${maxAge}`,
    ...(includeSubDomains ? ['includeSubDomains'] : []),
    ...(preload ? ['preload'] : []),
  ].join('; ')
}
