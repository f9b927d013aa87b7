import { diagnose } from '../model/index.ts'
import type { Certificate, Diagnostic } from '../model/index.ts'
import { coversHost } from './certificate.ts'
import type { TlsName } from './tls-reader.ts'

/** What clients of a host are shown. */
export interface Shown {
  /** The namespace whose entries count. */
  readonly owner: string
  /** Whether one of these entries names the host. */
  readonly named: boolean
  /** One a kind of key; none: the default certificate. */
  readonly certificates: readonly Certificate[]
  readonly diagnostics: readonly Diagnostic[]
}

/** Chooses among all that name a host, the oldest first. */
export function chooseShown(host: string, owner: string, names: readonly TlsName[]): Shown {
  const isOwn = ({ contribution }: TlsName): boolean => contribution.ingress.ref.namespace === owner
  const own = names.filter(isOwn)
  const certificates: Certificate[] = []
  const diagnostics = names.filter((name) => !isOwn(name)).map((name) => foreign(name, host, owner))
  for (const name of own) {
    const { certificate } = name
    if (certificate === undefined) continue
    if (!coversHost(certificate.names, host)) diagnostics.push(mismatch(name, host, certificate))
    else {
      const winner = addOfKind(certificates, certificate)
      if (winner !== undefined) diagnostics.push(outdone(name, host, winner))
    }
  }
  return { owner, named: own.length > 0, certificates, diagnostics }
}

/** Shows one certificate a kind of key, the first of each. Answers the winner if another one was meant. */
export function addOfKind(shown: Certificate[], certificate: Certificate): Certificate | undefined {
  const winner = shown.find(({ keyType }) => keyType === certificate.keyType)
  if (winner === undefined) shown.push(certificate)
  return winner?.id === certificate.id ? undefined : winner
}

function foreign({ contribution, field }: TlsName, host: string, owner: string): Diagnostic {
  const text = {
    message: `${host} belongs to namespace ${owner}, whose certificates alone are shown for it`,
    hint: 'The namespace of the oldest Ingress with a rule for a host owns it.',
  }
  return diagnose('PathConflict', { object: contribution.ingress.ref, field }, text)
}

function mismatch({ contribution, secretName, field }: TlsName, host: string, { names }: Certificate): Diagnostic {
  const known = names.slice(0, 5).join(', ') || 'no DNS name'
  const message = `the certificate of Secret ${secretName} is for ${known}, not for ${host}: the default certificate is shown`
  const place = { object: contribution.ingress.ref, field }
  return diagnose('CertificateHostMismatch', place, { message, hint: 'Have a certificate issued that names the host.' })
}

function outdone({ contribution, field }: TlsName, host: string, winner: Certificate): Diagnostic {
  const text = {
    message: `the certificate of Secret ${winner.id.replace(/@.*/, '')} is shown for ${host}`,
    hint: 'The older Ingress decides, then the first entry. Two certificates stand side by side if one is RSA and one is ECDSA.',
  }
  return diagnose('PathConflict', { object: contribution.ingress.ref, field }, text)
}
