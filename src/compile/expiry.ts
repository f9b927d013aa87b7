import { diagnose } from '../model/index.ts'
import type { Compilation, Diagnostic } from '../model/index.ts'

/** Certificates in use that are past their end, or not valid yet. `now` is wall time in milliseconds. */
export function expiredCertificates({ table, certificateUses }: Compilation, now: number): Diagnostic[] {
  return certificateUses.flatMap(({ id, object, field }) => {
    const certificate = table.certificates.get(id)
    if (certificate === undefined || (certificate.notBefore <= now && now < certificate.notAfter)) return []
    const [secret] = id.split('@')
    const message =
      certificate.notAfter <= now
        ? `ended on ${printDay(certificate.notAfter)}`
        : `begins on ${printDay(certificate.notBefore)}`
    return [
      diagnose(
        'CertificateExpired',
        { object, field },
        { message: `the certificate of Secret ${secret} ${message}; it is shown all the same`, hint: 'Renew it.' },
      ),
    ]
  })
}

/** When what is said of the certificates in use becomes something else; undefined: never. Milliseconds since the epoch. */
export function nextExpiry({ table, certificateUses }: Compilation, now: number): number | undefined {
  const times = certificateUses.flatMap(({ id }) => {
    const certificate = table.certificates.get(id)
    return certificate === undefined ? [] : [certificate.notBefore, certificate.notAfter]
  })
  const next = times.reduce((first, time) => (time > now ? Math.min(first, time) : first), Infinity)
  return next === Infinity ? undefined : next
}

function printDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}
