import { diagnose } from '../model/index.ts'
import type { Certificate, Diagnostic, SourceObject } from '../model/index.ts'
import type { SecretJudge } from './tls-hosts.ts'

export interface DefaultCertificates {
  readonly certificates: readonly Certificate[]
  readonly diagnostics: readonly Diagnostic[]
}

/** What is shown for unknown names: the configured Secret if it can be used, else the certificate that was made for it. */
export function chooseDefault(
  name: string | undefined,
  secrets: ReadonlyMap<string, SourceObject>,
  judge: SecretJudge,
  selfMade: Certificate | undefined,
): DefaultCertificates {
  const fallback = selfMade === undefined ? [] : [selfMade]
  if (name === undefined) return { certificates: fallback, diagnostics: [] }
  const secret = secrets.get(name)
  const judged = secret && judge.judge(secret)
  if (judged !== undefined && 'certificate' in judged) return { certificates: [judged.certificate], diagnostics: [] }
  const [namespace = '', own = ''] = name.split('/')
  const place = { object: { kind: 'Secret', namespace, name: own }, field: '' }
  const hint = judged?.hint ?? '--default-ssl-certificate names a Secret as namespace/name.'
  const message = `the default certificate ${name} ${judged === undefined ? 'does not exist' : judged.problem}: a self-made one is shown`
  return {
    certificates: fallback,
    diagnostics: [diagnose(judged === undefined ? 'SecretNotFound' : 'SecretInvalid', place, { message, hint })],
  }
}
