import { createPrivateKey, webcrypto } from 'node:crypto'

/** A certificate and its key, PEM texts. */
export interface CertificatePair {
  readonly chain: string
  readonly key: string
}

/** ECDSA P-256: every client takes it, and it costs a server least. */
export const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

export function makeKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
}

/** Rejects if the text is no private key, or one of another algorithm. */
export async function readKey(key: string): Promise<webcrypto.CryptoKey> {
  const octets = createPrivateKey(key).export({ type: 'pkcs8', format: 'der' })
  return webcrypto.subtle.importKey('pkcs8', octets, algorithm, false, ['sign'])
}

export async function printKey(key: webcrypto.CryptoKey): Promise<string> {
  const octets = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key))
  const lines = octets.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN PRIVATE KEY-----\n${lines.join('\n')}\n-----END PRIVATE KEY-----\n`
}
