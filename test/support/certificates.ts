import { webcrypto } from 'node:crypto'
import { isIP } from 'node:net'

import 'reflect-metadata'
import { SubjectAlternativeNameExtension, X509CertificateGenerator } from '@peculiar/x509'

import type { Certificate, RouteTable, TlsHost } from '../../src/model/index.ts'
import { routeTable } from './route-table.ts'

const algorithms = {
  ec: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  rsa: { name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' },
} as const

/** A self-signed certificate for `names`, valid now. */
export async function makeTestCertificate(
  id: string,
  names: readonly string[],
  keyType: 'ec' | 'rsa' = 'ec',
): Promise<Certificate> {
  const keys = await webcrypto.subtle.generateKey(algorithms[keyType], true, ['sign', 'verify'])
  const [notBefore, notAfter] = [new Date(Date.now() - 3_600_000), new Date(Date.now() + 3_600_000)]
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${id}`,
    keys,
    signingAlgorithm: algorithms[keyType],
    notBefore,
    notAfter,
    extensions: [
      new SubjectAlternativeNameExtension(names.map((value) => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value }))),
    ],
  })
  const key = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64')
  return {
    id,
    keyType,
    chain: certificate.toString('pem'),
    key: `-----BEGIN PRIVATE KEY-----\n${key.match(/.{1,64}/g)?.join('\n')}\n-----END PRIVATE KEY-----\n`,
    names,
    notBefore: notBefore.getTime(),
    notAfter: notAfter.getTime(),
  }
}

/** A table that shows these certificates for these hosts, and nothing else. */
export function tlsTable(
  certificates: readonly Certificate[],
  hosts: Readonly<Record<string, readonly string[] | Pick<TlsHost, 'certificates' | 'policy'>>>,
  defaultCertificates: readonly string[],
): RouteTable {
  const entries = Object.entries(hosts).map(([host, shown]): [string, TlsHost] => [
    host,
    'policy' in shown ? { host, ...shown } : { host, certificates: shown, policy: 'default' },
  ])
  return {
    ...routeTable([]),
    tls: new Map(entries),
    certificates: new Map(certificates.map((certificate) => [certificate.id, certificate])),
    defaultCertificates,
  }
}
