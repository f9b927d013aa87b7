import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { makeTestCertificate } from '../support/certificates.ts'
import { printTlsSettings } from './tls-settings.ts'

export interface SiteShape {
  readonly hosts: number
  /** Of Lintel. */
  readonly workers?: number
  /** Whether Lintel shall be able to say how long the turns of its loops are. */
  readonly watchTurns?: boolean
}

/** What every candidate is configured for: the same hosts, the same certificate, one back end. */
export interface Site {
  readonly shape: SiteShape
  readonly hosts: readonly string[]
  readonly backendPort: number
  readonly certificate: { readonly chain: string; readonly key: string }
  /** The same as files, the chain and the key also in one; and the settings of TLS for clients. */
  readonly files: { readonly chain: string; readonly key: string; readonly both: string; readonly tlsSettings: string }
  /** For configurations and sockets; removed by `remove`. */
  readonly folder: string
  readonly remove: () => void
}

/** Each host has a rule for `/` and two for longer prefixes, as small sites have. */
export const pathPrefixes: readonly string[] = ['/api', '/static']

export const certificateName = '*.bench.example'
export const hostName = (at: number): string => `host-${at}.bench.example`

/** ECDSA P-256 for all hosts: one certificate, so that nobody's choice of certificate is measured. */
export async function makeSite(shape: SiteShape, backendPort: number): Promise<Site> {
  const folder = mkdtempSync(join(tmpdir(), 'lintel-bench-'))
  const { chain, key } = await makeTestCertificate('bench', [certificateName])
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  const remove = (): void => rmSync(folder, { recursive: true, force: true })
  process.once('exit', remove)
  return {
    shape,
    hosts: Array.from({ length: shape.hosts }, (_, at) => hostName(at)),
    backendPort,
    certificate: { chain, key },
    files: {
      chain: write('chain.pem', chain),
      key: write('key.pem', key),
      both: write('both.pem', `${chain}\n${key}`),
      tlsSettings: write('openssl.cnf', printTlsSettings()),
    },
    folder,
    remove,
  }
}
