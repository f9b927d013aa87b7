import type { X509CertificateCreateSelfSignedParams } from '@peculiar/x509'

import { algorithm, makeKeys, printKey } from './key-pair.ts'
import type { CertificatePair } from './key-pair.ts'
import { loadX509 } from './x509.ts'

/** The one name in the certificate. Under `.invalid`, so that no client can take it for a real host (RFC 2606 2). */
export const selfMadeName = 'default.lintel.invalid'

const validity = 10 * 365 * 24 * 3_600_000
const backdated = 24 * 3_600_000

/**
 * Makes the certificate that is shown for unknown names where none was configured: self-signed, ECDSA P-256, ten years.
 * `now` is wall time in milliseconds.
 */
export async function makeCertificate(
  now: number,
  names: readonly string[] = [selfMadeName],
): Promise<CertificatePair> {
  const { X509CertificateGenerator, SubjectAlternativeNameExtension } = await loadX509()
  const keys = await makeKeys()
  const parameters: X509CertificateCreateSelfSignedParams = {
    name: 'CN=Lintel default certificate',
    keys,
    signingAlgorithm: algorithm,
    notBefore: new Date(now - backdated),
    notAfter: new Date(now + validity),
    extensions: [new SubjectAlternativeNameExtension(names.map((value) => ({ type: 'dns', value })))],
  }
  const certificate = await X509CertificateGenerator.createSelfSigned(parameters)
  return { chain: certificate.toString('pem'), key: await printKey(keys.privateKey) }
}
