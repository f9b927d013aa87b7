export { issueAuthority, issueServerCertificate } from './issue.ts'
export type { Span } from './issue.ts'
export type { CertificatePair } from './key-pair.ts'
export { makeCertificate } from './self-made-certificate.ts'
