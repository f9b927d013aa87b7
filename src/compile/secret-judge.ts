import type { Certificate, SourceObject } from '../model/index.ts'
import { isProblem, judgeCertificate } from './certificate.ts'
import { readSecret } from './kinds/index.ts'

/** What a Secret holds, judged once for its content. */
export type JudgedSecret = { readonly certificate: Certificate } | { readonly problem: string; readonly hint: string }

/** Judges the Secrets that are asked for, each once as long as it is the same object. */
export class SecretJudge {
  readonly #judged = new WeakMap<SourceObject, JudgedSecret>()

  judge(secret: SourceObject): JudgedSecret {
    const known = this.#judged.get(secret)
    if (known !== undefined) return known
    const judged = judgeSecret(secret)
    this.#judged.set(secret, judged)
    return judged
  }

  /** Why a Secret that is meant to hold a certificate holds none; undefined if it does, or is meant for other things. */
  faultOf(secret: SourceObject): { readonly problem: string; readonly hint: string } | undefined {
    const judged = secret.value['type'] === 'kubernetes.io/tls' ? this.judge(secret) : undefined
    return judged !== undefined && 'problem' in judged ? judged : undefined
  }
}

function judgeSecret(object: SourceObject): JudgedSecret {
  const { value, diagnostics } = readSecret(object)
  if (value === undefined) return { problem: diagnostics[0]?.message ?? 'is invalid', hint: diagnostics[0]?.hint ?? '' }
  const { certificate, privateKey } = value
  if (certificate === undefined || privateKey === undefined)
    return {
      problem: 'lacks tls.crt or tls.key',
      hint: 'kubectl create secret tls makes such a Secret from two files.',
    }
  return certificateOf(`${object.ref.namespace}/${object.ref.name}`, certificate, privateKey)
}

/** A certificate named for where it came from and for its content. */
export function certificateOf(name: string, chain: string, key: string): JudgedSecret {
  const judged = judgeCertificate(chain, key)
  if (isProblem(judged)) return judged
  const { fingerprint, ...rest } = judged
  return { certificate: { id: `${name}@${fingerprint}`, ...rest } }
}

/** What there is to choose from, by `namespace/name`. */
export interface Secrets {
  readonly secrets: ReadonlyMap<string, SourceObject>
  /** Why nothing is known of some that are not there. */
  readonly unread: ReadonlyMap<string, string> | undefined
  readonly judge: SecretJudge
}
