import { algorithm, makeKeys, printKey, readKey } from './key-pair.ts'
import type { CertificatePair } from './key-pair.ts'
import { loadX509 } from './x509.ts'

/** From when to when a certificate is valid: wall time in milliseconds. */
export interface Span {
  readonly begin: number
  readonly end: number
}

/** Makes an authority: a self-signed certificate that may sign others, and nothing below them. */
export async function issueAuthority(name: string, span: Span): Promise<CertificatePair> {
  const x509 = await loadX509()
  const keys = await makeKeys()
  const usages = x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    keys,
    signingAlgorithm: algorithm,
    ...datesOf(span),
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(usages, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return { chain: certificate.toString('pem'), key: await printKey(keys.privateKey) }
}

/** Makes a server's certificate for DNS names, signed by an authority. Rejects if that cannot be read. */
export async function issueServerCertificate(
  authority: CertificatePair,
  names: readonly string[],
  span: Span,
): Promise<CertificatePair> {
  const x509 = await loadX509()
  const issuer = new x509.X509Certificate(authority.chain)
  const keys = await makeKeys()
  const certificate = await x509.X509CertificateGenerator.create({
    subject: `CN=${names[0]}`,
    issuer: issuer.subject,
    publicKey: keys.publicKey,
    signingKey: await readKey(authority.key),
    signingAlgorithm: algorithm,
    ...datesOf(span),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(names.map((value) => ({ type: 'dns', value }))),
      await x509.AuthorityKeyIdentifierExtension.create(issuer),
    ],
  })
  return { chain: certificate.toString('pem'), key: await printKey(keys.privateKey) }
}

function datesOf({ begin, end }: Span): { readonly notBefore: Date; readonly notAfter: Date } {
  return { notBefore: new Date(begin), notAfter: new Date(end) }
}
