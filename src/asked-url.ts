import { isIP } from 'node:net'

import { normalAddress } from './base/index.ts'
import type { PublicPorts } from './route/index.ts'

/** A request in the words of whoever asks where it goes. */
export interface AskedInWords {
  readonly url: string
  readonly method: string | undefined
  /** Each `Name: value`. */
  readonly fields: readonly string[]
  readonly address: string | undefined
  readonly sni: string | undefined
}

/** What stands in front of the process that is asked about. */
export interface Front {
  readonly ports: PublicPorts
  /** As the flag names them. */
  readonly trustedProxies: readonly string[]
}

/** The request that is asked about. */
export interface AskedUrl extends Front {
  readonly method: string
  readonly scheme: 'http' | 'https'
  /** As it is written in the URL. */
  readonly host: string
  readonly target: string
  readonly fields: readonly string[]
  readonly address: string
  readonly sni: string | undefined
}

/** The words cannot be understood. */
export class AskedWrongly extends Error {}

/** Never by a URL parser, which would rewrite what the client sends. Throws `AskedWrongly`. */
export function readAsked({ url, method, fields, address = '127.0.0.1', sni }: AskedInWords, front: Front): AskedUrl {
  const [, scheme, host = '', target = ''] = /^(https?):\/\/([^/?#]*)([^#]*)$/.exec(url) ?? []
  if (scheme !== 'http' && scheme !== 'https')
    throw new AskedWrongly(`${url}: a URL wanted, such as http://shop.localhost/api`)
  if (isIP(address) === 0) throw new AskedWrongly(`--client-ip ${address}: an IP address wanted`)
  return {
    ...front,
    method: method ?? 'GET',
    scheme,
    host,
    target: target.startsWith('/') ? target : `/${target}`,
    fields,
    address: normalAddress(address),
    sni: scheme === 'https' ? (sni ?? serverNameOf(host)) : undefined,
  }
}

/** What a client sends as SNI: its host, unless that is an address (RFC 6066 3). */
function serverNameOf(host: string): string | undefined {
  const name = host.replace(/:\d+$/, '').toLowerCase()
  return isIP(name) === 0 ? name : undefined
}

/** The words as the query of `GET /explain`. */
export function queryOf({ url, method, fields, address, sni }: AskedInWords): URLSearchParams {
  const given = { url, method, 'client-ip': address, sni }
  const pairs = Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))
  return new URLSearchParams([...pairs, ...fields.map((field) => ['header', field])])
}

export function wordsOf(query: URLSearchParams): AskedInWords {
  return {
    url: query.get('url') ?? '',
    method: query.get('method') ?? undefined,
    fields: query.getAll('header'),
    address: query.get('client-ip') ?? undefined,
    sni: query.get('sni') ?? undefined,
  }
}
