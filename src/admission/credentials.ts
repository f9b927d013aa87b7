import { createPrivateKey, X509Certificate } from 'node:crypto'

import { issueAuthority, issueServerCertificate } from '../certificates/index.ts'
import type { CertificatePair } from '../certificates/index.ts'

/** All that the webhook is known by, PEM texts. */
export interface Credentials {
  /** What the server shows. */
  readonly server: CertificatePair
  /** Whom the API server trusts: the newest first, which signs, then those that have not ended. */
  readonly authorities: string
  readonly authorityKey: string
}

const day = 24 * 3_600_000
/** Clocks differ. */
const backdated = day
const serverValidity = 90 * day
const serverMargin = 30 * day
const authorityValidity = 3_650 * day
const authorityMargin = 365 * day
const mostAuthorities = 3
const certificateBlock = /-----BEGIN CERTIFICATE-----[A-Za-z\d+/=\s]+-----END CERTIFICATE-----/g

/**
 * What is held, with what was due made anew; the same object if nothing was. The server's certificate is signed by an
 * authority that has been trusted for long, since a new authority signs nothing before the next time: whoever
 * has the bundle of before still knows the server. `now` is wall time in milliseconds.
 */
export async function renew(
  held: Credentials | undefined,
  names: readonly string[],
  now: number,
): Promise<Credentials> {
  const kept = held !== undefined && isAuthoritySound(held, now) ? held : undefined
  const trusted = kept ?? (await withNewAuthority(undefined, now))
  const served = isServerSound(trusted, names, now) ? trusted : await withNewServer(trusted, names, now)
  return endOf(served.authorities) - now > authorityMargin ? served : withNewAuthority(served, now)
}

/** When a certificate ends: that of the first of several. */
export function endOf(chain: string): number {
  return new X509Certificate(chain).validToDate.getTime()
}

async function withNewAuthority(held: Credentials | undefined, now: number): Promise<Credentials> {
  const span = { begin: now - backdated, end: now + authorityValidity }
  const { chain, key } = await issueAuthority('Lintel admission authority', span)
  const others = blocksOf(held?.authorities ?? '').filter((block) => endOf(block) > now)
  const authorities = [chain.trim(), ...others].slice(0, mostAuthorities)
  return {
    server: held?.server ?? { chain: '', key: '' },
    authorities: `${authorities.join('\n')}\n`,
    authorityKey: key,
  }
}

async function withNewServer(held: Credentials, names: readonly string[], now: number): Promise<Credentials> {
  const authority = { chain: held.authorities, key: held.authorityKey }
  const span = { begin: now - backdated, end: Math.min(now + serverValidity, endOf(held.authorities)) }
  return { ...held, server: await issueServerCertificate(authority, names, span) }
}

/** Whether the first authority can sign, and will be there for as long as what it signs. Anything may stand in a Secret. */
function isAuthoritySound({ authorities, authorityKey }: Credentials, now: number): boolean {
  return isSound(() => {
    const certificates = blocksOf(authorities).map((block) => new X509Certificate(block))
    const [first] = certificates
    const key = createPrivateKey(authorityKey)
    const known = key.asymmetricKeyDetails?.namedCurve === 'prime256v1'
    return first?.ca === true && known && first.checkPrivateKey(key) && isValid(first, now, serverValidity)
  })
}

function isServerSound({ server, authorities }: Credentials, names: readonly string[], now: number): boolean {
  return isSound(() => {
    const certificate = new X509Certificate(server.chain)
    const signed = blocksOf(authorities).some((block) => certificate.verify(new X509Certificate(block).publicKey))
    const named = certificate.subjectAltName === names.map((name) => `DNS:${name}`).join(', ')
    const fits = certificate.checkPrivateKey(createPrivateKey(server.key))
    return signed && named && fits && isValid(certificate, now, serverMargin)
  })
}

/** What cannot be read is not sound. */
function isSound(look: () => boolean): boolean {
  try {
    return look()
  } catch {
    return false
  }
}

function isValid({ validFromDate, validToDate }: X509Certificate, now: number, margin: number): boolean {
  return validFromDate.getTime() <= now && validToDate.getTime() - now > margin
}

function blocksOf(text: string): string[] {
  return text.match(certificateBlock) ?? []
}
