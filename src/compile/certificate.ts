import { createHash, createPrivateKey, X509Certificate } from 'node:crypto'
import type { KeyObject } from 'node:crypto'

import { contextFor } from '../certificates/index.ts'
import type { Certificate } from '../model/index.ts'

/** Why a pair cannot be used, and what to do. */
export interface CertificateProblem {
  readonly problem: string
  readonly hint: string
}

export type JudgedCertificate = Omit<Certificate, 'id'> & { readonly fingerprint: string }

const largestPem = 256 * 1024
const mostInChain = 10
/** Those of public authorities have 100, or some hundreds. */
const mostNames = 1_000
const leastRsaBits = 2048
const certificateBlock = /-----BEGIN CERTIFICATE-----[A-Za-z\d+/=\s]+-----END CERTIFICATE-----/g

/**
 * Judges a certificate chain and its key, both PEM: they must parse, fit, and be strong enough for a client to take.
 * Dates are read but not judged, since there is no clock here. Never throws.
 */
export function judgeCertificate(chainText: string, keyText: string): JudgedCertificate | CertificateProblem {
  try {
    return limitNames(judge(chainText, keyText))
  } catch (error) {
    return {
      problem: `cannot be read: ${error instanceof Error ? error.message : 'unknown format'}`,
      hint: 'Put PEM texts into tls.crt and tls.key.',
    }
  }
}

export function isProblem(judged: JudgedCertificate | CertificateProblem): judged is CertificateProblem {
  return 'problem' in judged
}

function limitNames(judged: JudgedCertificate | CertificateProblem): JudgedCertificate | CertificateProblem {
  if (isProblem(judged) || judged.names.length <= mostNames) return judged
  const { names } = judged
  return { problem: `for ${names.length} DNS names`, hint: `Spread them over certificates of at most ${mostNames}.` }
}

function judge(chainText: string, keyText: string): JudgedCertificate | CertificateProblem {
  if (chainText.length + keyText.length > largestPem)
    return {
      problem: `more than ${largestPem} octets`,
      hint: 'Put the leaf and its intermediates there, nothing else.',
    }
  const blocks = chainText.match(certificateBlock) ?? []
  if (blocks.length > mostInChain)
    return { problem: `${blocks.length} certificates in the chain`, hint: `At most ${mostInChain} make sense.` }
  // Every one is parsed: a worker could show no chain with a broken intermediate.
  const [leaf] = blocks.map((block) => new X509Certificate(block))
  if (leaf === undefined)
    return { problem: 'tls.crt holds no PEM certificate', hint: 'It begins with -----BEGIN CERTIFICATE-----.' }
  const key = createPrivateKey(keyText)
  const keyType = keyTypeOf(key)
  if (keyType === undefined) return { problem: `a key of type ${key.asymmetricKeyType}`, hint: 'Use ECDSA or RSA.' }
  const chain = `${blocks.join('\n')}\n`
  const fault = faultOfKey(key) ?? faultOfLeaf(leaf, key) ?? faultOfPair(chain, keyText)
  if (fault !== undefined) return fault
  return {
    keyType,
    chain,
    key: keyText,
    names: dnsNames(leaf),
    notBefore: leaf.validFromDate.getTime(),
    notAfter: leaf.validToDate.getTime(),
    fingerprint: createHash('sha256').update(chainText).update('\0').update(keyText).digest('hex').slice(0, 32),
  }
}

function faultOfKey({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): CertificateProblem | undefined {
  const bits = asymmetricKeyDetails?.modulusLength ?? 0
  if (asymmetricKeyType !== 'rsa' || bits >= leastRsaBits) return undefined
  return { problem: `an RSA key of ${bits} bits`, hint: `Use at least ${leastRsaBits} bits, or ECDSA.` }
}

function faultOfLeaf(leaf: X509Certificate, key: KeyObject): CertificateProblem | undefined {
  if (!leaf.checkPrivateKey(key))
    return {
      problem: 'the key does not belong to the certificate',
      hint: 'tls.crt must begin with the certificate that was made for tls.key.',
    }
  // For a date that OpenSSL cannot read, Node gives any time, or none, and its text is none.
  const dates = [leaf.validFromDate, leaf.validToDate, leaf.validFrom, leaf.validTo].map((date) => +new Date(date))
  return dates.every(Number.isFinite)
    ? undefined
    : { problem: 'its dates cannot be read', hint: 'Have it issued anew, with notBefore and notAfter.' }
}

/** Workers show what OpenSSL takes, so it is asked here first: it refuses keys of less than 112 bits of security, in intermediates too. */
function faultOfPair(chain: string, key: string): CertificateProblem | undefined {
  try {
    contextFor({ chain, key })
    return undefined
  } catch (error) {
    return {
      problem: `OpenSSL does not take it: ${error instanceof Error ? error.message : 'unknown reason'}`,
      hint: `Use P-256 or RSA with at least ${leastRsaBits} bits, in the intermediates too.`,
    }
  }
}

function keyTypeOf(key: KeyObject): Certificate['keyType'] | undefined {
  const type = key.asymmetricKeyType
  return type === 'rsa' || type === 'ec' || type === 'ed25519' ? type : undefined
}

/** The DNS names of the leaf (RFC 6125); the common name counts for nothing. */
function dnsNames(leaf: X509Certificate): string[] {
  const names = leaf.subjectAltName?.split(', ') ?? []
  return names.flatMap((name) => (name.startsWith('DNS:') ? name.slice('DNS:'.length).toLowerCase() : []))
}

/** Whether one of the names stands for the host: itself, or a wildcard for its first label. A wildcard host needs the same wildcard. */
export function coversHost(names: readonly string[], host: string): boolean {
  const dot = host.indexOf('.')
  return names.includes(host) || (dot > 0 && names.includes(`*${host.slice(dot)}`))
}
