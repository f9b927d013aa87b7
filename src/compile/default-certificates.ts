import { diagnose } from '../model/index.ts'
import type { Certificate, Diagnostic } from '../model/index.ts'
import type { Secrets } from './secret-judge.ts'
import { unreadSecret } from './tls-reader.ts'

export interface DefaultCertificates {
  readonly certificates: readonly Certificate[]
  readonly diagnostics: readonly Diagnostic[]
}

/** What is shown for unknown names: the configured Secret if it can be used, else the certificate that was made for it. */
export function chooseDefault(
  name: string | undefined,
  { secrets, unread, judge }: Secrets,
  selfMade: Certificate | undefined,
): DefaultCertificates {
  const fallback = selfMade === undefined ? [] : [selfMade]
  if (name === undefined) return { certificates: fallback, diagnostics: [] }
  const secret = secrets.get(name)
  const judged = secret && judge.judge(secret)
  if (judged !== undefined && 'certificate' in judged) return { certificates: [judged.certificate], diagnostics: [] }
  return { certificates: fallback, diagnostics: [tellFault(name, judged, unread?.get(name))] }
}

/** Nothing is judged of a Secret that is not there, or that nobody has read. */
function tellFault(
  name: string,
  judged: { readonly problem: string; readonly hint: string } | undefined,
  unread: string | undefined,
): Diagnostic {
  const [namespace = '', own = ''] = name.split('/')
  const place = { object: { kind: 'Secret', namespace, name: own }, field: '' }
  if (judged === undefined && unread !== undefined)
    return unreadSecret(place, `the default certificate ${name}`, unread)
  const hint = judged?.hint ?? '--default-ssl-certificate names a Secret as namespace/name.'
  const fault = judged === undefined ? ' does not exist' : `: ${judged.problem}`
  const message = `the default certificate ${name}${fault}; a self-made one is shown`
  return diagnose(judged === undefined ? 'SecretNotFound' : 'SecretInvalid', place, { message, hint })
}
