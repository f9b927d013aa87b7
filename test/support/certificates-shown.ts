import type { Compilation, SourceObject } from '../../src/model/index.ts'
import { makeTestCertificate } from './certificates.ts'
import { tlsSecret } from './objects.ts'

/** A Secret with a certificate that is made for it. */
export function madeSecret(
  name: string,
  names: readonly string[],
  namespace?: string,
  keyType?: 'ec' | 'rsa',
): Promise<SourceObject> {
  return makeTestCertificate(name, names, keyType).then((pair) => tlsSecret(name, pair, namespace))
}

/** Names of the Secrets that a client of this server name is shown: by the exact host, else its wildcard, else the default. */
export function shown({ table }: Compilation, sni: string): string {
  const host = table.tls.get(sni) ?? table.tls.get(`*${sni.slice(sni.indexOf('.'))}`)
  const ids = host === undefined || host.certificates.length === 0 ? table.defaultCertificates : host.certificates
  return ids.map((id) => id.replace(/@.*/, '').replace('default/', '')).join(' ')
}

/** Without those of missing Services, which say nothing of TLS. */
export function codesOf({ diagnostics }: Compilation): string {
  return diagnostics
    .map(({ code }) => code)
    .filter((code) => code !== 'ServiceNotFound')
    .join(' ')
}
