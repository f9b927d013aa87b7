import type { SecureContext } from 'node:tls'

import { contextFor } from '../certificates/index.ts'
import type { Certificate, RouteTable } from '../model/index.ts'
import { defaultPolicy, findTlsHost } from './tls-policy.ts'

/** Contexts kept at most: each takes some 30 KB, and is made in a third of a millisecond when a handshake needs it. */
const mostContexts = 2_000

/** Chooses the certificate for a handshake, from the table that is served now. */
export class TlsContexts {
  #table: RouteTable | undefined
  /** By certificate id, least recently used first. An id names its content, so an entry is never stale. Without a context: OpenSSL does not take it. */
  readonly #contexts = new Map<string, SecureContext | undefined>()
  readonly #unusable: (certificate: string, error: unknown) => void

  /** `unusable`: told, once, of a certificate that cannot be shown. Control refuses those, but another OpenSSL may have judged. */
  constructor(unusable: (certificate: string, error: unknown) => void = () => undefined) {
    this.#unusable = unusable
  }

  /** New handshakes go by this table. Contexts of certificates that it no longer has are dropped. */
  use(table: RouteTable): void {
    const before = this.#table
    this.#table = table
    if (before?.certificates === table.certificates) return
    for (const id of this.#contexts.keys()) if (!table.certificates.has(id)) this.#contexts.delete(id)
  }

  /**
   * `name` in lower case, undefined without SNI. Where a host has certificates of several kinds, the first that the
   * client can verify: `accepts` tells of an algorithm such as `ECDSA`.
   */
  select(name: string | undefined, accepts: (algorithm: 'ECDSA' | 'RSA') => boolean): SecureContext | undefined {
    const host = name === undefined || this.#table === undefined ? undefined : findTlsHost(this.#table, name)
    return (
      this.#choose(host?.certificates ?? [], accepts) ?? this.#choose(this.#table?.defaultCertificates ?? [], accepts)
    )
  }

  /** Certificate and key for handshakes without a server name. */
  get defaultPair(): { readonly id: string; readonly cert: string[]; readonly key: string[] } | undefined {
    const table = this.#table
    const pairs = table?.defaultCertificates.flatMap((id) => table.certificates.get(id) ?? []) ?? []
    if (pairs.length === 0) return undefined
    const id = pairs.map((pair) => pair.id).join()
    return { id, cert: pairs.map(({ chain }) => chain), key: pairs.map(({ key }) => key) }
  }

  policyOf(name: string | undefined): string {
    return name === undefined || this.#table === undefined
      ? defaultPolicy
      : (findTlsHost(this.#table, name)?.policy ?? defaultPolicy)
  }

  #choose(ids: readonly string[], accepts: (algorithm: 'ECDSA' | 'RSA') => boolean): SecureContext | undefined {
    const certificates = ids.flatMap((id) => this.#table?.certificates.get(id) ?? [])
    const fitting = certificates.find(
      ({ keyType }) => certificates.length === 1 || accepts(keyType === 'rsa' ? 'RSA' : 'ECDSA'),
    )
    const chosen = fitting ?? certificates[0]
    return chosen === undefined ? undefined : this.#contextOf(chosen)
  }

  #contextOf(certificate: Certificate): SecureContext | undefined {
    const { id } = certificate
    const context = this.#contexts.has(id) ? this.#contexts.get(id) : this.#make(certificate)
    this.#contexts.delete(id)
    this.#contexts.set(id, context)
    if (this.#contexts.size > mostContexts) this.#dropOldest()
    return context
  }

  #make(certificate: Certificate): SecureContext | undefined {
    try {
      return contextFor(certificate)
    } catch (error) {
      this.#unusable(certificate.id, error)
      return undefined
    }
  }

  #dropOldest(): void {
    const [oldest] = this.#contexts.keys()
    if (oldest !== undefined) this.#contexts.delete(oldest)
  }
}

/** The server name of a handshake in the form in which hosts are compared; undefined if it names none. */
export function readServerName(sni: string | undefined): string | undefined {
  return sni === undefined || sni === '' || sni.endsWith('.') ? undefined : sni.toLowerCase()
}
